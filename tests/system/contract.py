#!/usr/bin/env bash
# Holds a running server to its contract with schemathesis: every operation, every check, the same
# requests each time, with an administrator's key.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
. tests/system/support/server.py

tools=${XDG_CACHE_HOME:-$HOME/.cache}/hongtou/tools
schemathesis=$tools/schemathesis/bin/schemathesis
version=4.32.5
installed=$("$schemathesis" --version 2>/dev/null || true)
if [[ $installed != *"$version"* ]]; then
    python3 -m venv "$tools/schemathesis"
    "$tools/schemathesis/bin/pip" install --quiet "schemathesis==$version"
fi

key=$("${CARGO_TARGET_DIR:-target}/release/hongtou" keys add --data "$work/data" \
    --name contract --role admin | tail -n 1)
# More requests a minute than a key may make.
start_server --rate 0
root=$PWD
# It leaves what it found where it runs.
cd "$work"
SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONPATH=$root/tests/system/schemathesis "$schemathesis" --config-file "$root/tests/system/schemathesis/schemathesis.toml" run "$address/openapi.json" \
    --header "Authorization: Bearer $key" \
    --seed 1 --max-examples "${1:-40}" --workers 1 --no-color
assert_quiet_log
