#!/usr/bin/env bash
# check-pdf FILE...: PDF/A-3a and PDF/UA-1, sound structure, every font embedded and subset.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

"$here/support/verapdf.py" 3a "$@"
"$here/support/verapdf.py" ua1 "$@"
for file in "$@"; do
    qpdf --check "$file" >/dev/null
    # From its end, a line of pdffonts holds: emb, sub, uni and the two parts of the object's id.
    pdffonts "$file" | awk -v file="$file" '
        NR > 2 { fonts++; if ($(NF - 4) != "yes" || $(NF - 3) != "yes") { print file ": " $0; bad = 1 } }
        END { if (!fonts) { print file ": no fonts"; bad = 1 } exit bad }'
    echo "$file: structure and fonts are sound"
done
