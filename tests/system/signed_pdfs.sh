#!/usr/bin/env bash
# Has pyHanko sign filings in every way that it knows, from B-B to B-LTA, and holds our verdicts to
# what was done: ours untouched, every signature good; and what was tampered with is neither.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

tools=${XDG_CACHE_HOME:-$HOME/.cache}/hongtou/tools
python=$tools/pyhanko/bin/python
if ! "$python" -c 'import pyhanko, pikepdf' 2>/dev/null; then
    python3 -m venv "$tools/pyhanko"
    "$tools/pyhanko/bin/pip" install --quiet pyHanko==0.38.0 pikepdf==10.18.0
fi

hongtou=${CARGO_TARGET_DIR:-target}/release/hongtou
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for fixture in letter-2023-46 bazhong-2021-38; do
    "$hongtou" render "fixtures/valid/$fixture.json" -o "$work/$fixture.pdf" >/dev/null
    "$python" tests/system/signed_pdfs.py "$hongtou" "$work/$fixture.pdf" "$work/$fixture"
done
