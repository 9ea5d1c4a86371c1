#!/usr/bin/env python3
"""Judges the PDFs below folders, such as the test files of EU DSS, iText or PDFBox, and compares with pyHanko.

    tests/system/foreign_pdfs.py FOLDER...

Each file is judged in a process of its own, without trusted certificates. Fails if one takes too much time or
memory, or ends the process. Prints the files on which the two disagree; docs/verdicts.md has the reasons.
"""

import json
import logging
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import tools
from support.checks import CheckFailed
from support.program import ROOT, TARGET

tools.enter("pyhanko")

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

MAX_SECONDS, MAX_MEGABYTES = 0.6, 103
TIMEOUT = 60
EXAMPLE = TARGET / "release/examples/verdicts"
# How far a file may change after signing for pyHanko.
ACCEPTED = {"NONE", "LTA_UPDATES", "FORM_FILLING"}


def judge(path):
    """Our verdict, or what went wrong."""
    try:
        done = subprocess.run([EXAMPLE, path], capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return {"error": f"took more than {TIMEOUT} s"}
    if done.returncode != 0:
        return {"error": f"ended with {done.returncode}: {done.stderr[-300:]}"}
    return json.loads(done.stdout)


def is_sound(signature):
    """Whether pyHanko finds a signature intact and all later changes acceptable."""
    signature.compute_integrity_info()
    summary = signature.summarise_integrity_info()
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    is_timestamp = signature.sig_object.get("/Type") == "/DocTimeStamp"
    validate = validate_pdf_timestamp if is_timestamp else validate_pdf_signature
    status = validate(signature, context, skip_diff=True)
    level = getattr(signature.diff_result, "modification_level", None)
    is_whole = signature.coverage.name == "ENTIRE_FILE"
    is_accepted = is_whole or (level is not None and level.name in ACCEPTED and summary.get("docmdp_ok") is not False)
    return status.intact and status.valid and is_accepted


def by_pyhanko(path):
    """Whether all signatures are sound; `None` if there are none or pyHanko cannot tell."""
    try:
        with path.open("rb") as file:
            signatures = PdfFileReader(file, strict=False).embedded_signatures
            return all(map(is_sound, signatures)) if signatures else None
    except Exception:  # pyHanko raises many kinds for malformed files.
        return None


def by_us(verdict):
    """Whether no signature fails; `None` if there are none."""
    if "unreadable" in verdict:
        return False
    found = [one["indication"] != "TOTAL-FAILED" for one in verdict["signatures"]]
    return all(found) if found else None


def cause(verdict):
    """The codes that make the file fail."""
    if "unreadable" in verdict:
        return verdict["unreadable"]
    codes = Counter()
    for one in verdict["signatures"]:
        if one["indication"] == "TOTAL-FAILED":
            codes.update(one["later"] or one["reasons"][:1])
    return ", ".join(codes) or "-"


def main():
    logging.disable(logging.CRITICAL)
    build = ["cargo", "build", "--release", "-p", "hongtou-signature", "--example", "verdicts"]
    subprocess.run(build, cwd=ROOT, check=True)
    paths = sorted(path for folder in sys.argv[1:] for path in Path(folder).rglob("*.pdf"))
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(judge, paths))
    failed = []
    for path, verdict in zip(paths, verdicts):
        if "error" in verdict:
            failed.append(f"{path.name}: {verdict['error']}")
        elif verdict["seconds"] > MAX_SECONDS or verdict["megabytes"] > MAX_MEGABYTES:
            failed.append(f"{path.name}: {verdict['seconds']:.2f} s, {verdict['megabytes']} MB")
        else:
            ours, theirs = by_us(verdict), by_pyhanko(path)
            if theirs is not None and ours != theirs:
                words = {True: "sound", False: "fails", None: "no signature"}
                print(f"{path.name}: {words[ours]} here, {words[theirs]} for pyHanko: {cause(verdict)}", flush=True)
    measured = [verdict for verdict in verdicts if "error" not in verdict]
    slowest = max((verdict["seconds"] for verdict in measured), default=0)
    largest = max((verdict["megabytes"] for verdict in measured), default=0)
    print(f"{len(paths)} files, at most {slowest:.2f} s and {largest} MB")
    if failed:
        raise CheckFailed("\n".join(failed))


if __name__ == "__main__":
    main()
