#!/usr/bin/env bash
# What a server does under load, by wrk: requests a second and how long they take, at 1, 2, 8 and 64
# clients. Seconds for each figure may be given. Ratios are to one client of the same kind.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
. tests/system/support/server.py

seconds=${1:-8}
start_server
post() { curl --silent --fail -H 'Content-Type: application/json' -H 'Accept: application/json' "$@"; }
seed=fixtures/valid/bazhong-2021-38.json
# The record where filings are kept, and the health of the server where they are not.
location=$(post --dump-header - --output "$work/record.json" --data-binary @$seed "$address/v1/filings" |
    tr -d '\r' | sed -n 's/^[Ll]ocation: *//p')

first=0
measure() { # name, clients, script, route, fresh
    local threads=$(($2 < 2 ? 1 : 2))
    first=$((first + 100000))
    ROUTE=$4 FRESH=$5 FIRST=$first wrk -t "$threads" -c "$2" -d "${seconds}s" --timeout 60s --latency \
        -s "benches/load/$3" "$address$4" 2>"$work/figures.txt" >/dev/null
    read -r rate p50 p99 wrong <"$work/figures.txt"
    [ "$2" = 1 ] && one_rate=$rate one_p50=$p50 one_p99=$p99
    awk -v name="$1" -v clients="$2" -v rate="$rate" -v p50="$p50" -v p99="$p99" -v wrong="$wrong" \
        -v r="$one_rate" -v a="$one_p50" -v b="$one_p99" 'BEGIN {
        printf "| %-22s | %7d | %9.1f | %5.2f | %8.1f | %5.2f | %8.1f | %5.2f | %6d |\n",
            name, clients, rate, rate / r, p50, p50 / a, p99, p99 / b, wrong }'
}

echo "| request                | clients | a second  | ratio | p50 (ms) | ratio | p99 (ms) | ratio | failed |"
echo "|------------------------|---------|-----------|-------|----------|-------|----------|-------|--------|"
for clients in 1 2 8 64; do measure "post, each another" "$clients" filing.lua /v1/filings 1; done
for clients in 1 2 8 64; do measure "post, the same again" "$clients" filing.lua /v1/filings 0; done
for clients in 1 2 8 64; do measure "check" "$clients" filing.lua /v1/checks 0; done
for clients in 1 2 8 64; do measure "preview" "$clients" filing.lua /v1/previews 0; done
for clients in 1 2 8 64; do measure "read ${location:+a record}" "$clients" record.lua "${location:-/healthz}" 0; done
assert_quiet_log
