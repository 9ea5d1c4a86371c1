#!/usr/bin/env python3
"""Checks finished PDFs: PDF/A-3a, PDF/UA-1, sound structure, every font embedded and subset."""

import subprocess
import sys

from support import tools
from support.checks import check
from support.verapdf import validate


def check_standard(flavour, files):
    result = validate(flavour, *files)
    print(result.stdout, end="", flush=True)
    check(result.returncode == 0, f"not every file conforms to {flavour}\n{result.stderr}")


def check_structure(file):
    done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True)
    check(done.returncode == 0, f"{file}: {done.stdout}{done.stderr}")


def check_fonts(file):
    table = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout
    fonts = table.splitlines()[2:]
    check(fonts, f"{file}: no fonts")
    for font in fonts:
        # The last columns of pdffonts: embedded, subset, Unicode map, object number and generation.
        embedded, subset = font.split()[-5:-3]
        check((embedded, subset) == ("yes", "yes"), f"{file}: {font}")


def main():
    files = sys.argv[1:]
    check(files, "usage: pdf.py FILE...")
    tools.debian("qpdf", "poppler-utils")
    check_standard("3a", files)
    check_standard("ua1", files)
    for file in files:
        check_structure(file)
        check_fonts(file)
        print(f"{file}: structure and fonts are sound")


if __name__ == "__main__":
    main()
