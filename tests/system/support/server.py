# Sourced by the checks that need a running server: starts one on a free port with a data folder of
# its own, and ends it with the script. Sets $address, $pid, $log and $work.
work=$(mktemp -d)
log=$work/log.txt
pid=

stop_server() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
}
trap 'stop_server; rm -rf "$work"' EXIT

# Arguments are further settings of the server.
start_server() {
    "${CARGO_TARGET_DIR:-target}/release/hongtou" serve --listen 127.0.0.1:0 --data "$work/data" \
        --log warn "$@" >"$work/said.txt" 2>"$log" &
    pid=$!
    for _ in $(seq 100); do
        address=$(sed -n 's|.*\(http://[0-9.:]*\).*|\1|p' "$work/said.txt")
        [ -z "$address" ] || return 0
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/said.txt" "$log"
    echo "the server did not start"
    return 1
}

# A server may turn a request away, but neither panic nor fail.
assert_quiet_log() {
    if grep -E 'ERROR|panicked' "$log"; then
        echo "the server's log tells of faults"
        return 1
    fi
}
