#!/usr/bin/env bash
# Sign-in of staff with a real provider of OpenID Connect (node-oidc-provider) and the real server.
# Needs Node 18 or later with npm, and Python 3; the program is built already or is built here.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

hongtou=${CARGO_TARGET_DIR:-target}/release/hongtou
[ -x "$hongtou" ] || cargo build --release
work=$(mktemp -d)
pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap stop EXIT

provider=${XDG_CACHE_HOME:-$HOME/.cache}/hongtou/tools/oidc-provider
if [ ! -d "$provider/node_modules/oidc-provider" ]; then
    mkdir -p "$provider"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$provider" oidc-provider@8.8.1
fi
cp tests/system/oidc_provider.mjs "$provider/provider.mjs"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for FILE TEXT: a program has said it.
wait_for() {
    for _ in $(seq 100); do
        grep -q "$2" "$1" 2>/dev/null && return
        sleep 0.1
    done
    echo "$1 never said $2:"
    cat "$1"
    exit 1
}

# serve NAME PORT CLIENT: a server of its own on the same data.
serve() {
    HONGTOU_OIDC_CLIENT_SECRET="secret of $3" "$hongtou" serve --listen "127.0.0.1:$2" \
        --data "$work/data" --public-url "http://127.0.0.1:$2" \
        --oidc-issuer "http://127.0.0.1:$provider_port" --oidc-client-id "$3" \
        --oidc-agency-claim agency --log warn >"$work/$1.txt" 2>"$work/$1.log" &
    pids+=($!)
    wait_for "$work/$1.txt" 服务已启动
}

key() { "$hongtou" keys add --name "$1" --role "$1" --data "$work/data" | tail -n 1; }

provider_port=$(free_port)
site_port=$(free_port)
admin_key=$(key admin)
submit_key=$(key submit)
site=http://127.0.0.1:$site_port
node "$provider/provider.mjs" "$provider_port" "$site" >"$work/provider.txt" 2>&1 &
provider_pid=$!
pids+=("$provider_pid")
wait_for "$work/provider.txt" listening

serve site "$site_port" hongtou
server_pid=${pids[-1]}
python3 tests/system/oidc_browser.py sign-in-and-out "$site" "$admin_key"
python3 tests/system/oidc_browser.py what-does-not-hold "$site"
kill "$server_pid"
wait "$server_pid" || true
# Each was refused for what was wrong with it, and not for something else.
for why in NotBegun 'Denied("invalid_grant")' 'Denied("access_denied")' 'Invalid nonce' NoAgency; do
    grep -qF "$why" "$work/site.log" || { echo "nothing was refused as $why:"; cat "$work/site.log"; exit 1; }
done

serve late "$site_port" late
server_pid=${pids[-1]}
python3 tests/system/oidc_browser.py a-late-token "$site"
grep -qF Expired "$work/late.log" || { cat "$work/late.log"; exit 1; }
kill "$server_pid" "$provider_pid"
wait "$server_pid" || true

serve alone "$site_port" hongtou
python3 tests/system/oidc_browser.py without-the-provider "$site" "$submit_key"
for secret in "$admin_key" "$submit_key" "secret of"; do
    if grep -F "$secret" "$work"/*.log; then
        echo "a secret is in the log"
        exit 1
    fi
done
