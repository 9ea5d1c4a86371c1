"""A machine to install packages on: this system under an overlay, with systemd as its first process.

Everything that changes on it is kept in memory and disappears with it. Needs root.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support.checks import CheckFailed, check, wait_until

PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"

# Runs in new namespaces and becomes systemd. It uses pivot_root because a process after chroot may not
# create the user namespace that the unit needs.
INIT = """
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
mkdir "$root/before"
cd "$root"
pivot_root . before
umount -l /before
exec env -i container=other "$path" \\
    /lib/systemd/systemd --system --unit=multi-user.target --show-status=0
"""
NAMESPACES = ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net"]


class Machine:
    """As a context manager it boots the machine and removes it. After an error it shows the unit's journal."""

    def __init__(self, unit):
        self.unit = unit
        self.folder = Path(tempfile.mkdtemp(prefix="hongtou-machine-"))
        self.disk = self.folder / "disk"
        self.root = self.disk / "root"
        self.output_path = self.folder / "boot.txt"
        self.parent = self.pid = None

    def _mount(self):
        self.disk.mkdir()
        run("mount", "-t", "tmpfs", "machine", self.disk)
        for name in ("upper", "work", "root"):
            (self.disk / name).mkdir()
        layers = f"lowerdir=/,upperdir={self.disk}/upper,workdir={self.disk}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        # Container images forbid packages to start services. A real system does not.
        (self.root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)

    def _boot(self):
        command = ["unshare", *NAMESPACES, "--fork", "--kill-child", "bash", "-c", INIT]
        environment = os.environ | {"root": str(self.root), "path": PATH}
        with self.output_path.open("wb") as output:
            self.parent = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            self.pid = wait_until(self._systemd, "systemd starts")
            wait_until(self._is_running, "the machine has booted", seconds=60, pause=0.3)
        except CheckFailed:
            print(self.output_path.read_text(), file=sys.stderr)
            raise

    def _systemd(self):
        """The process id of systemd, which is the child of `unshare`."""
        check(self.parent.poll() is None, "the machine did not start")
        children = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children").read_text().split()
        command = Path(f"/proc/{children[0]}/cmdline").read_bytes() if children else b""
        return int(children[0]) if b"systemd\0--system" in command else None

    def _is_running(self):
        # `degraded` means that some unit of this system failed, which does not matter here.
        state = self.try_run("systemctl", "is-system-running", "--wait").stdout.strip()
        return state in ("running", "degraded")

    def try_run(self, *command):
        """Runs a command on the machine, whether it succeeds or not."""
        enter = ["nsenter", "-t", str(self.pid), "-m", "-p", "-u", "-i", "-n", "-r", "-w", "--"]
        clean = ["env", "-i", PATH, "LANG=C.UTF-8"]
        return subprocess.run([*enter, *clean, *map(str, command)], capture_output=True, text=True)

    def run(self, *command):
        """Runs a command on the machine that must succeed. Returns its output."""
        done = self.try_run(*command)
        check(done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
        return done.stdout

    def succeeds(self, *command):
        return self.try_run(*command).returncode == 0

    def _remove(self):
        if self.parent is not None:
            # With its first process all others end.
            self.parent.kill()
            self.parent.wait()
        for path in (self.root, self.disk):
            if os.path.ismount(path):
                subprocess.run(["umount", "-R", "-l", path])
        shutil.rmtree(self.folder)

    def __enter__(self):
        try:
            self._mount()
            self._boot()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind, error, traceback):
        if error is not None:
            print(self.try_run("journalctl", "--no-pager", "-u", self.unit, "-n", "30").stdout, file=sys.stderr)
        self._remove()


def run(*command):
    subprocess.run([str(word) for word in command], check=True)
