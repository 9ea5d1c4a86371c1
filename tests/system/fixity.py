#!/usr/bin/env python3
"""Checks archives of 1,000 and 10,000 filings with planted faults: each is found, and memory stays constant."""

import argparse
import hashlib
import json
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from support.checks import check, check_equal
from support.memory import run_measured
from support.program import HONGTOU

COLUMNS = (
    "id, lead_issuer, document_number, agency_code, year, serial, revision, title, document_date, template_version,"
    " source_sha256, pdf_sha256, source_bytes, pdf_bytes, pages, warnings, posted_by, posted_at, seq"
)

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 200


def object_path(data, sha256):
    return data / "objects" / sha256[:2] / sha256[2:]


def put(data, content):
    """Stores an object and returns its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    object_path(data, sha256).write_bytes(content)
    return sha256


def archive(data, filings):
    """An archive with this many made-up filings."""
    # Creates the tables and the folders.
    add = [HONGTOU, "keys", "add", "--data", data, "--name", "test", "--role", "submit"]
    for command in [add, [HONGTOU, "archive", "check", "--data", data]]:
        subprocess.run(command, check=True, capture_output=True)
    rows = []
    for serial in range(1, filings + 1):
        source, pdf = f"source {serial}".encode(), PDF + str(serial).encode()
        number, lengths = f"试〔2021〕{serial}号", (len(source), len(pdf))
        rows.append(
            (f"00000000-0000-7000-8000-{serial:012}", "试验局", number, "试", 2021, serial, 1, "试验", "2021-12-22", "0", put(data, source))
            + (put(data, pdf), *lengths, 2, "[]", "", 0, serial)
        )
    with sqlite3.connect(data / "hongtou.sqlite") as database:
        marks = ", ".join("?" * len(rows[0]))
        database.executemany(f"INSERT INTO filings ({COLUMNS}) VALUES ({marks})", rows)
        logged = [(sha256, row[0], role) for row in rows for sha256, role in [(row[10], "source"), (row[11], "pdf")]]
        database.executemany("INSERT INTO log_objects (sha256, audit_id, role) VALUES (?, ?, ?)", logged)
    return [(row[10], row[11]) for row in rows]


def plant(data, objects):
    """Damages the files of the first filings, and returns the expected findings."""
    (lost_source, _), (_, lost_pdf), (_, flipped), (_, cut), (_, emptied), (swapped, _), (other, _) = objects[:7]
    expected = [("missing", lost_source), ("missing", lost_pdf)]
    for sha256 in (lost_source, lost_pdf):
        object_path(data, sha256).unlink()
    content = bytearray(object_path(data, flipped).read_bytes())
    content[100] ^= 1
    object_path(data, flipped).write_bytes(content)
    object_path(data, cut).write_bytes(object_path(data, cut).read_bytes()[:-1])
    object_path(data, emptied).write_bytes(b"")
    object_path(data, swapped).write_bytes(object_path(data, other).read_bytes())
    expected += [("altered", sha256) for sha256 in (flipped, cut, emptied, swapped)]
    (data / "objects/note.txt").write_text("x")
    (data / "objects/7f/note.txt").write_text("x")
    (data / "objects/copies").mkdir()
    (data / "objects/copies/note.txt").write_text("x")
    expected += [("extra", "note.txt"), ("extra", "7f/note.txt"), ("extra", "copies/")]
    with sqlite3.connect(data / "hongtou.sqlite") as database:
        database.execute("UPDATE filings SET pdf_bytes = pdf_bytes + 1 WHERE serial = 8")
        database.execute("DELETE FROM log_objects WHERE sha256 = ?", [objects[8][0]])
        only_logged = hashlib.sha256(b"no record").hexdigest()
        database.execute("INSERT INTO log_objects (sha256, audit_id, role) VALUES (?, 'lost', 'pdf')", [only_logged])
    expected += [("not_logged", objects[8][0]), ("logged_without_object", only_logged)]
    return sorted(expected + [("other_length", objects[7][1])])


def checked(filings):
    """Checks an archive, and returns the peak memory in MiB and the time."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        expected = plant(data, archive(data, filings))
        start = time.monotonic()
        command = [HONGTOU, "archive", "check", "--json", "--data", data]
        code, output, memory = run_measured(*command)
        took = time.monotonic() - start
        check_equal(code, 1, "the exit code")
        report = json.loads(output)
        found = sorted((one["kind"], one["name"]) for one in report["findings"])
        check_equal(found, expected, "the findings")
        # The report of the round that created the tables is an object, too.
        check_equal(report["objects"], 2 * filings - 2 + 1, "the objects that were read")
    return memory, took


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filings", type=int, default=10_000)
    # The caches of SQLite, up to 2 MiB for each of twelve connections, fill with the first few thousand filings;
    # 30,000 filings take no more than 10,000.
    parser.add_argument("--most", type=int, default=20, help="MiB by which the memory may grow")
    options = parser.parse_args()
    small, _ = checked(1_000)
    large, took = checked(options.filings)
    print(f"{options.filings} filings: {took:.1f} s, {large:.0f} MiB at most; 1,000 filings: {small:.0f} MiB")
    check(large - small <= options.most, "the memory stays constant")


if __name__ == "__main__":
    main()
