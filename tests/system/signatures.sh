#!/usr/bin/env bash
# Has OpenSSL and pyHanko judge the signatures in fixtures/signed/ and holds them to `cases.json`, to
# which the tests hold us. Where they judge otherwise, signatures.py says why; it fails on any other
# difference.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

tools=${XDG_CACHE_HOME:-$HOME/.cache}/hongtou/tools
python=$tools/pyhanko/bin/python
if ! "$python" -c 'import pyhanko' 2>/dev/null; then
    python3 -m venv "$tools/pyhanko"
    "$tools/pyhanko/bin/pip" install --quiet pyHanko==0.38.0
fi
exec "$python" tests/system/signatures.py "$@"
