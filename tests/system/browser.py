#!/usr/bin/env python3
"""Tests the page of the office in Chromium: browser.py [--pictures FOLDER] [TEST...]"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from support import tools
from support.checks import check, check_equal
from support.program import ROOT
from support.server import temporary_server

PACKAGES = ["playwright-core@1.65.1", "axe-core@4.14.1"]

# Chromium 86, and the newest Playwright that drives it.
OLD_PACKAGES = ["chrome-aws-lambda@5.3.1", "playwright-core@1.20.0"]

# Chromium 109, which many browsers of offices are built on.
COMPOSING_PACKAGES = ["@sparticuz/chromium@109.0.6"]

TYPESCRIPT = "typescript@7.0.2"

# The files of other projects in web/vendor/, and where their packages have them.
VENDORED_PACKAGES = ["htm@3.1.1", "preact@11.2.0"]
VENDORED = {
    "standalone.module.js": "htm/preact/standalone.module.js",
    "LICENSE-htm": "htm/LICENSE",
    "LICENSE-preact": "preact/LICENSE",
}


def check_vendored():
    """Every file of another project is the one in its package."""
    modules = tools.npm("vendored", *VENDORED_PACKAGES) / "node_modules"
    vendor = ROOT / "web/vendor"
    check_equal(sorted(path.name for path in vendor.iterdir()), sorted([*VENDORED, "SHA256SUMS"]), "files of web/vendor/")
    for name, source in VENDORED.items():
        check((vendor / name).read_bytes() == (modules / source).read_bytes(), f"web/vendor/{name} is not the file of its package")
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=vendor, check=True)


def check_types():
    """The scripts have no error of types. A copy of them is checked, with our types of the vendored module beside it."""
    compiler = tools.npm("typescript", TYPESCRIPT) / "node_modules/.bin/tsc"
    with tempfile.TemporaryDirectory(prefix="hongtou-types-") as folder:
        copy = Path(folder) / "web"
        shutil.copytree(ROOT / "web", copy)
        shutil.copy(ROOT / "tests/browser/tsconfig.json", copy)
        shutil.copy(ROOT / "tests/browser/standalone.module.d.ts", copy / "vendor")
        subprocess.run([compiler, "--project", copy], check=True)
    print("ok  types of the scripts", flush=True)


def run_with_approval(environment):
    """Runs the test of 审签, each step by another person."""
    with temporary_server("--approval") as server:
        keys = {
            "CLERK_KEY": server.add_key("经办人", "submit,read"),
            "REVIEWER_KEY": server.add_key("审核人", "read,review"),
            "SIGNER_KEY": server.add_key("签发人", "read,approve"),
        }
        address = {"ADDRESS": f"http://{server.address}"}
        subprocess.run(["node", ROOT / "tests/browser/run.mjs"], env=environment | address | keys, check=True)
        server.check_log()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", help="saves the pictures of the manual in this folder")
    parser.add_argument("tests", nargs="*")
    arguments = parser.parse_args()
    check_vendored()
    check_types()
    tools.debian("chromium", "chromium-l10n", "fonts-noto-cjk")
    packages = tools.npm("browser", *PACKAGES)
    failed = tempfile.mkdtemp(prefix="hongtou-browser-")
    with temporary_server() as server:
        environment = os.environ | {
            "PACKAGES": str(packages),
            "ADDRESS": f"http://{server.address}",
            "KEY": server.add_key("办公室", "admin"),
            "ROOT": str(ROOT),
            "CHROMIUM": "/usr/bin/chromium",
            "PICTURES": os.path.abspath(arguments.pictures) if arguments.pictures else "",
            "FAILED": failed,
        }
        command = ["node", ROOT / "tests/browser/run.mjs", *arguments.tests]
        subprocess.run(command, env=environment, check=True)
        if not arguments.tests:
            environment["OLD_PACKAGES"] = str(tools.npm("old-browser", *OLD_PACKAGES))
            environment["COMPOSING_PACKAGES"] = str(tools.npm("composing-browser", *COMPOSING_PACKAGES))
            for test in ["oldest", "composing"]:
                subprocess.run(["node", ROOT / f"tests/browser/{test}.mjs"], env=environment, check=True)
        server.check_log()
    if not arguments.tests or "approval" in arguments.tests:
        run_with_approval(environment)


if __name__ == "__main__":
    main()
