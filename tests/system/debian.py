#!/usr/bin/env bash
# Builds the Debian package and takes it through its life on a machine of its own: installed, started,
# used, restarted, upgraded, removed. The machine is this one's system under an overlay, with systemd
# as its first process, so nothing of it stays. Needs root.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

target=${CARGO_TARGET_DIR:-target}
out=$(mktemp -d)
root=$out/machine/root
machine=

stop() {
    [ -z "$machine" ] || kill -9 "$machine" 2>/dev/null || true
    umount -R "$root" 2>/dev/null || umount -R -l "$root" 2>/dev/null || true
    umount "$out/machine" 2>/dev/null || umount -l "$out/machine" 2>/dev/null || true
    rm -rf "$out"
}
trap stop EXIT

fail() { echo "$1" >&2; inside journalctl --no-pager -u hongtou -n 30 >&2 || true; exit 1; }

# Boots the machine.
boot() {
    mkdir "$out/machine"
    mount -t tmpfs machine "$out/machine"
    mkdir "$out/machine/upper" "$out/machine/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$out/machine/upper,workdir=$out/machine/work" "$root"
    cp "$package" "$root/hongtou.deb"
    # Images for containers forbid that a package starts its service; a real system does not.
    rm -f "$root/usr/sbin/policy-rc.d"
    cat > "$out/init" <<INIT
#!/bin/bash
set -e
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs run "$root/run"
mount -t tmpfs tmp "$root/tmp"
mount --bind /dev "$root/dev"
mount -t tmpfs cgroup "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd" ||
    { umount "$root/sys/fs/cgroup"; mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"; }
# Not chroot: a process in one may not have the user namespace that the unit asks for.
mkdir "$root/before"
cd "$root"
pivot_root . before
umount -l /before
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=multi-user.target --show-status=0
INIT
    chmod +x "$out/init"
    unshare --pid --mount --uts --ipc --cgroup --net --fork --kill-child "$out/init" > "$out/boot.txt" 2>&1 &
    local parent=$! state=
    for _ in $(seq 100); do
        machine=$(pgrep -P "$parent" -f 'systemd --system' || true)
        # A degraded system is up as well, and says so with a status of failure.
        [ -z "$machine" ] || state=$(inside systemctl is-system-running --wait 2>/dev/null) || true
        case $state in running | degraded) return 0 ;; esac
        sleep 0.3
    done
    cat "$out/boot.txt" >&2
    echo "the machine did not boot" >&2
    exit 1
}

# Runs a command on the machine.
inside() { nsenter -t "$machine" -m -p -u -i -n -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }

answers() {
    for _ in $(seq 100); do
        inside curl -fsS -o /dev/null http://127.0.0.1:8080/healthz 2>/dev/null && return
        sleep 0.2
    done
    fail "the service does not answer"
}

echo "building the package"
cargo deb --no-build --no-strip --quiet --output "$out/hongtou.deb" 2> "$out/deb.txt" || { cat "$out/deb.txt" >&2; exit 1; }
package=$out/hongtou.deb
dpkg-deb --info "$package" | sed -n '/Package:/,/Description:/p'
# A reader that stops at its first match would break the pipe of the writer: the list is kept whole.
contents=$(dpkg-deb --contents "$package")
grep -qE '\./(usr/)?lib/systemd/system/hongtou\.service' <<< "$contents" || { echo "the package has no unit" >&2; exit 1; }

boot
inside ip link set lo up
echo "installed"
inside dpkg -i /hongtou.deb > "$out/install.txt" 2>&1 || { cat "$out/install.txt" >&2; exit 1; }
inside systemctl is-active --quiet hongtou || fail "the service was not started"
answers
[ "$(inside stat -c '%U %a' /var/lib/hongtou)" = 'hongtou 750' ] || fail "the data folder is not the service's own"
[ "$(inside stat -c '%U:%G %a' /etc/hongtou/hongtou.env)" = 'root:hongtou 640' ] || fail "secrets can be read by others"

echo "hardened"
exposure=$(inside systemd-analyze security --no-pager hongtou | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
echo "exposure $exposure of 10"
awk -v exposure="$exposure" 'BEGIN { exit !(exposure != "" && exposure < 2) }' || fail "the unit is open to more than it needs"

echo "used"
filing=/usr/share/doc/hongtou/examples/bazhong-2021-38.json
post() { inside curl -fsS -o "$1" -D /tmp/headers -H 'Content-Type: application/json' --data-binary @"$filing" "${@:2}" http://127.0.0.1:8080/v1/filings; }
post /tmp/first.pdf
[ "$(inside head -c 5 /tmp/first.pdf)" = '%PDF-' ] || fail "no PDF came back"
location=$(inside grep -i '^location:' /tmp/headers | tr -d '\r' | cut -d' ' -f2)
added=$(inside runuser -u hongtou -- hongtou keys add --data /var/lib/hongtou --name 试用 --role submit,read)
key=$(grep -m 1 -o 'ht_[A-Za-z0-9_-]*' <<< "$added")
[ -n "$key" ] || fail "no key was shown: $added"

echo "restarted, with a key"
inside systemctl restart hongtou
answers
inside curl -fsS -o /tmp/second.pdf -H "Authorization: Bearer $key" "http://127.0.0.1:8080$location/pdf"
inside cmp /tmp/first.pdf /tmp/second.pdf
status=$(inside curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:8080$location/pdf")
[ "$status" = 401 ] || fail "without its key the service answered $status"

echo "upgraded in place"
inside dpkg -i /hongtou.deb > "$out/install.txt" 2>&1 || { cat "$out/install.txt" >&2; exit 1; }
answers
inside curl -fsS -o /dev/null -H "Authorization: Bearer $key" "http://127.0.0.1:8080$location"

echo "removed"
inside dpkg -r hongtou > /dev/null
! inside systemctl is-active --quiet hongtou || fail "the service still runs"
! inside test -e /usr/bin/hongtou || fail "the program is still there"
inside test -s /var/lib/hongtou/hongtou.sqlite || fail "the filings are gone"
inside dpkg -P hongtou > /dev/null
! inside test -e /etc/hongtou/hongtou.toml || fail "the settings are still there"
inside test -s /var/lib/hongtou/hongtou.sqlite || fail "the filings are gone after purge"
echo "the package holds"
