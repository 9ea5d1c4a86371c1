#!/usr/bin/env python3
"""Renders every accepted filing with the programs in a folder, and compares the SHA-256 with the list of their version.

The lists are in tests/it/renderer/golden/. A program of a version without a list is an error.
"""

import argparse
import hashlib
import subprocess
from pathlib import Path

from support.checks import check, check_equal
from support.program import ROOT, valid_fixture

GOLDEN = ROOT / "tests/it/renderer/golden"


def golden(version):
    """The SHA-256 of each fixture that the version had."""
    path = GOLDEN / f"{version}.snap"
    check(path.exists(), f"there is no list for version {version}")
    entries = path.read_text().split("---\n", 2)[2].split("\n")
    return dict(reversed(entry.split("  ")) for entry in entries if entry)


def version_of(program):
    """The version that a program names."""
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    programs = [path for path in sorted(parser.parse_args().folder.iterdir()) if path.is_file()]
    check(programs, "the folder has programs")
    for program in programs:
        version = version_of(program)
        for name, sha256 in golden(version).items():
            command = [program, "render", valid_fixture(name), "--output", "-"]
            pdf = subprocess.run(command, capture_output=True, check=True).stdout
            check_equal(hashlib.sha256(pdf).hexdigest(), sha256, f"{program.name}: {name}")
        print(f"{program.name}: version {version} makes the listed bytes")


if __name__ == "__main__":
    main()
