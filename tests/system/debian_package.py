#!/usr/bin/env python3
"""Builds the Debian package, then installs, starts, uses, restarts, upgrades and removes it.

This happens on a separate machine, see `support/machine.py`, as root or with sudo.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support import tools
from support.checks import check, wait_until
from support.machine import Machine
from support.program import ROOT

ADDRESS = "http://127.0.0.1:8080"
FILING = "/usr/share/doc/hongtou/examples/bazhong-2021-38.json"
DATABASE = "/var/lib/hongtou/hongtou.sqlite"
# `systemd-analyze security` counts from 0, which is best, to 10.
MOST_EXPOSURE = 2


def build(folder):
    """Packs the program that is built already. Returns the path of the package."""
    tools.debian("curl", "dpkg-dev", "iproute2", "systemd")
    tools.TOOLS["cargo-deb"]()
    package = Path(folder) / "hongtou.deb"
    print("The package is built", flush=True)
    command = ["cargo", "deb", "--no-build", "--no-strip", "--quiet", "--output", package]
    tools.run(*command, cwd=ROOT)
    return package


def dpkg_deb(option, package):
    return subprocess.run(["dpkg-deb", option, package], check=True, capture_output=True, text=True).stdout


def check_contents(package):
    print(dpkg_deb("--info", package), flush=True)
    unit = r"\./(usr/)?lib/systemd/system/hongtou\.service"
    check(re.search(unit, dpkg_deb("--contents", package)), "the package has no unit")


class Installation:
    """The package on a machine."""

    def __init__(self, machine, package):
        self.machine = machine
        self.run = machine.run
        self.install_command = ["dpkg", "-i", "/hongtou.deb"]
        shutil.copy(package, machine.root / "hongtou.deb")

    def is_active(self):
        return self.machine.succeeds("systemctl", "is-active", "--quiet", "hongtou")

    def wait_until_healthy(self):
        healthy = lambda: self.machine.succeeds("curl", "-fsS", "-o", "/dev/null", ADDRESS + "/healthz")
        wait_until(healthy, "the service is healthy", pause=0.2)

    def get(self, path, output, key):
        self.run("curl", "-fsS", "-o", output, "-H", f"Authorization: Bearer {key}", ADDRESS + path)

    def install(self):
        print("The package is installed", flush=True)
        self.run("ip", "link", "set", "lo", "up")
        self.run(*self.install_command)
        check(self.is_active(), "the service was not started")
        self.wait_until_healthy()
        data = self.run("stat", "-c", "%U %a", "/var/lib/hongtou")
        check(data.strip() == "hongtou 750", f"the data folder does not belong to the service: {data}")
        secrets = self.run("stat", "-c", "%U:%G %a", "/etc/hongtou/hongtou.env")
        check(secrets.strip() == "root:hongtou 640", f"other users can read the secrets: {secrets}")

    def check_hardening(self):
        report = self.run("systemd-analyze", "security", "--no-pager", "hongtou")
        exposure = re.search(r"Overall exposure level.*: ([0-9.]+) ", report)[1]
        print(f"The unit is hardened: exposure {exposure} of 10", flush=True)
        check(float(exposure) < MOST_EXPOSURE, "the unit has access to more than it needs")

    def use(self):
        """Files a document, then adds a key. Returns the document's path and the key."""
        print("The service is used", flush=True)
        post = ["curl", "-fsS", "-o", "/tmp/first.pdf", "-D", "/tmp/headers"]
        post += ["-H", "Content-Type: application/json", "--data-binary", f"@{FILING}"]
        self.run(*post, ADDRESS + "/v1/filings")
        check(self.run("head", "-c", "5", "/tmp/first.pdf") == "%PDF-", "the response is not a PDF")
        location = re.search(r"(?mi)^location: *(\S+)", self.run("cat", "/tmp/headers"))[1]
        command = ["keys", "add", "--data", "/var/lib/hongtou", "--name", "试用", "--role", "submit,read"]
        output = self.run("runuser", "-u", "hongtou", "--", "hongtou", *command)
        key = re.search(r"ht_[A-Za-z0-9_-]+", output)
        check(key, f"no key was shown: {output}")
        return location, key[0]

    def restart(self, location, key):
        print("The service is restarted", flush=True)
        self.run("systemctl", "restart", "hongtou")
        self.wait_until_healthy()
        self.get(location + "/pdf", "/tmp/second.pdf", key)
        self.run("cmp", "/tmp/first.pdf", "/tmp/second.pdf")
        url = ADDRESS + location + "/pdf"
        status = self.run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url)
        check(status == "401", f"without the key the service answered with {status}")

    def upgrade(self, location, key):
        print("The package is upgraded", flush=True)
        self.run(*self.install_command)
        self.wait_until_healthy()
        self.get(location, "/dev/null", key)

    def remove(self):
        print("The package is removed", flush=True)
        has = lambda path: self.machine.succeeds("test", "-e", path)
        has_filings = lambda: self.machine.succeeds("test", "-s", DATABASE)
        self.run("dpkg", "-r", "hongtou")
        check(not self.is_active(), "the service is still running")
        check(not has("/usr/bin/hongtou"), "the program is still installed")
        check(has_filings(), "the filings were removed")
        self.run("dpkg", "-P", "hongtou")
        check(not has("/etc/hongtou/hongtou.toml"), "the settings were not removed")
        check(has_filings(), "the filings were purged")


def test_life(package):
    with Machine("hongtou") as machine:
        installation = Installation(machine, package)
        installation.install()
        installation.check_hardening()
        location, key = installation.use()
        installation.restart(location, key)
        installation.upgrade(location, key)
        installation.remove()


def main():
    if len(sys.argv) > 1:
        # Started as root by the call below.
        test_life(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory(prefix="hongtou-deb-") as folder:
        package = build(folder)
        check_contents(package)
        tools.run_as_root(sys.executable, __file__, package)


if __name__ == "__main__":
    main()
