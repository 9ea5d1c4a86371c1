#!/usr/bin/env python3
"""Kills servers at random moments and checks that nothing is lost, duplicated or left unfinished.

One server uses SQLite and a folder. With --two-servers, two servers share the PostgreSQL and the bucket
of `.ci/services`. Clients post batches and single filings all the time. At the end every accepted batch
is done, each of its valid lines is filed exactly once with a complete PDF, and nothing refused is stored.
"""

import argparse
import copy
import hashlib
import http.client
import io
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request
import zipfile
from contextlib import ExitStack
from pathlib import Path

from support.checks import check, wait_until
from support.client import JSON, NDJSON
from support.program import valid_fixture
from support.server import Server

LETTER = json.loads(valid_fixture("letter-2023-46").read_text())
CLIENTS = 2
# A batch is taken over from a dead server and then finished; far more than either takes.
BATCH_DEADLINE = 600


def filing(agency_code, serial, **changes):
    """The body of a filing with this document number."""
    filing = copy.deepcopy(LETTER)
    filing["document"] |= changes
    filing["document"]["document_number"] = {"agency_code": agency_code, "year": 2023, "serial": serial}
    return json.dumps(filing, ensure_ascii=False).encode()


def refused_filing(agency_code, serial):
    """A filing with a date that does not exist."""
    return filing(agency_code, serial, document_date="2023-02-30")


class Client(threading.Thread):
    """Posts single filings and batches to any of the servers, and records what was accepted."""

    def __init__(self, servers, number, lines):
        super().__init__(daemon=True)
        self.servers, self.random, self.lines = servers, random.Random(number), lines
        self.agency_code = "客户" + "甲乙丙丁戊己庚辛壬癸"[number]
        self.serial = 0
        self.is_ending = False
        self.error = None
        self.filed = {}  # Document number to the SHA-256 of the PDF, of accepted single filings.
        self.refused = set()  # Document numbers of refused filings.
        self.batches = {}  # Path to the document numbers of its valid lines, of accepted batches.
        self.sent = set()  # Document numbers of all valid filings, whether the response arrived or not.

    def next_number(self):
        self.serial += 1
        return self.serial, f"{self.agency_code}〔2023〕{self.serial}号"

    def run(self):
        try:
            self.post_until_end()
        except BaseException as error:
            self.error = error

    def post_until_end(self):
        while not self.is_ending:
            server = self.random.choice(self.servers)
            try:
                if len(self.batches) <= self.done_batches(server):
                    self.post_batch(server)
                else:
                    self.post_one(server)
            except (OSError, http.client.HTTPException):
                # The server was killed.
                time.sleep(0.05)

    def done_batches(self, server):
        responses = [server.request("GET", path) for path in self.batches]
        return sum(response.status == 200 and response.json()["state"] == "done" for response in responses)

    def post_one(self, server):
        serial, number = self.next_number()
        if serial % 5 == 0:
            self.refused.add(number)
            response = server.request("POST", "/v1/filings", refused_filing(self.agency_code, serial), JSON)
            check(response.status == 422, f"{response.status} {response.text}")
            return
        self.sent.add(number)
        response = server.request("POST", "/v1/filings", filing(self.agency_code, serial), JSON)
        if response.status == 201 and "Location" in response.headers:
            self.filed[number] = response.headers["ETag"].strip('"')

    def post_batch(self, server):
        lines, numbers = [], []
        for _ in range(self.lines):
            serial, number = self.next_number()
            if serial % 10 == 0:
                self.refused.add(number)
                lines.append(refused_filing(self.agency_code, serial))
            else:
                numbers.append(number)
                lines.append(filing(self.agency_code, serial))
        self.sent.update(numbers)
        response = server.request("POST", "/v1/batches", b"\n".join(lines), NDJSON)
        check(response.status == 202, f"{response.status} {response.text}")
        self.batches[response.headers["Location"]] = numbers


class Records:
    """The database and the stored files, read without the server."""

    def __init__(self, data, database, store):
        self.data, self.database, self.store = data, database, store

    def rows(self, sql):
        if self.database:
            command = ["psql", self.database, "-AtF", "\t", "-c", sql]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            return [tuple(row.split("\t")) for row in output.splitlines()]
        connection = sqlite3.connect(self.data / "hongtou.sqlite", timeout=30)
        try:
            return [tuple(map(str, row)) for row in connection.execute(sql)]
        finally:
            connection.close()

    def object(self, sha256):
        name = f"{sha256[:2]}/{sha256[2:]}"
        if not self.store:
            return (self.data / "objects" / name).read_bytes()
        bucket = self.store.removeprefix("s3://")
        # The S3 server of the tests requires credentials but does not verify the signature.
        credential = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"
        headers = {"Authorization": f"{credential}, SignedHeaders=host, Signature=0"}
        request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT']}/{bucket}/{name}", headers=headers)
        with urllib.request.urlopen(request) as response:
            return response.read()


def check_filings(records, verified):
    """Returns the PDF of each stored document number. Objects in `verified` are not read again."""
    stored = {}
    rows = records.rows("SELECT document_number, revision, source_sha256, pdf_sha256 FROM filings")
    for number, revision, source, pdf in rows:
        check(number not in stored, f"{number} is stored twice")
        check(revision == "1", f"{number} was revised")
        stored[number] = pdf
        for sha256 in {source, pdf} - verified:
            content = records.object(sha256)
            check(hashlib.sha256(content).hexdigest() == sha256, f"{sha256} is incomplete")
            verified.add(sha256)
    return stored


def check_batch_lines(records):
    lines = records.rows(
        "SELECT f.id, l.filing_id FROM batch_lines l LEFT JOIN filings f ON f.id = l.filing_id "
        "WHERE l.state = 'filed'"
    )
    check(all(found == named for found, named in lines), "a batch line names a filing that is missing")
    filings = [found for found, _ in lines]
    check(len(filings) == len(set(filings)), "two batch lines have the same filing")


def check_records(records, clients, verified):
    """Every accepted filing is stored once and completely, and nothing refused is stored."""
    # Filings accepted after this moment may be missing from the rows.
    accepted = [dict(client.filed) for client in clients]
    stored = check_filings(records, verified)
    for client, filed in zip(clients, accepted):
        if client.error:
            raise client.error
        for number, sha256 in filed.items():
            check(stored.get(number) == sha256, f"{number} was accepted and is missing")
        check(not client.refused & stored.keys(), "a refused filing is stored")
    check_batch_lines(records)
    return stored


def check_batch(server, path, numbers, total):
    """Waits until a batch is done and compares its record and its archive with what was posted."""

    def done():
        response = server.request("GET", path)
        check(response.status == 200, response.text)
        record = response.json()
        return record if record["state"] == "done" else None

    record = wait_until(done, f"{path} is done", BATCH_DEADLINE, pause=0.2)
    counts = record["counts"]
    check(record["total"] == total and counts["filed"] == len(numbers), record)
    check(counts["refused"] == total - len(numbers), record)
    check_archive(server.request("GET", path + "/archive.zip").content, numbers, total)


def check_archive(content, numbers, total):
    archive = zipfile.ZipFile(io.BytesIO(content))
    check(archive.testzip() is None, "a file of the archive is damaged")
    manifest = [json.loads(entry) for entry in archive.read("manifest.ndjson").splitlines()]
    check(len(manifest) == total, f"the manifest has {len(manifest)} lines")
    filed = {entry["document_number"]: entry for entry in manifest if entry["state"] == "filed"}
    check(sorted(filed) == sorted(numbers), "the manifest has other document numbers")
    check(len(archive.namelist()) == len(numbers) + 1, "the archive has other files")
    for number, entry in filed.items():
        check(entry["file"] == f"{number}.pdf", entry)
        check(hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"], entry)
    for entry in manifest:
        check(entry["state"] == "filed" or entry["problem"]["errors"], entry)


def kill_and_check(servers, clients, records, kills, rng):
    """Kills and restarts servers while the clients post, then ends the clients."""
    verified = set()
    for _ in range(kills):
        time.sleep(rng.uniform(0.05, 1.5))
        victim = rng.choice(servers)
        victim.kill()
        check_records(records, clients, verified)
        victim.start()
    for client in clients:
        client.is_ending = True
    for client in clients:
        client.join()
    return verified


def wait_for_open_batches(records):
    """Waits for batches whose response was lost, too. An interrupted upload leaves no batch.

    On PostgreSQL such an upload is removed after ten minutes because another server may still receive it.
    """
    states = "'queued', 'running'" + ("" if records.database else ", 'receiving'")
    is_open = f"SELECT id FROM batches WHERE state IN ({states})"
    wait_until(lambda: not records.rows(is_open), "every batch is done", BATCH_DEADLINE, pause=0.2)


def check_all(servers, clients, records, verified, lines):
    """The state after the last kill. Returns the stored filings."""
    for client in clients:
        for path, numbers in client.batches.items():
            check_batch(servers[0], path, numbers, lines)
    wait_for_open_batches(records)
    stored = check_records(records, clients, verified).keys()
    accepted = {number for client in clients for number in client.filed}
    accepted |= {number for client in clients for batch in client.batches.values() for number in batch}
    check(accepted <= stored, f"missing: {accepted - stored}")
    sent = {number for client in clients for number in client.sent}
    check(stored <= sent, f"never sent: {stored - sent}")
    return stored


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--two-servers", action="store_true", help="on the services of .ci/services")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--lines", type=int, default=600, help="lines of a batch")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main():
    options, started = arguments(), time.monotonic()
    database = os.environ["HONGTOU_TEST_DATABASE"] if options.two_servers else None
    store = os.environ["HONGTOU_TEST_STORE"] if options.two_servers else None
    shared = ["--database", database, "--store", store] if options.two_servers else []
    with tempfile.TemporaryDirectory(prefix="hongtou-kill-") as folder, ExitStack() as stack:
        names = ["server-1", "server-2"] if options.two_servers else ["server"]
        servers = [Server(folder, "--job-lease", "3", *shared, name=name, log="error") for name in names]
        for server in servers:
            stack.enter_context(server)
        records = Records(Path(folder) / "data", database, store)
        clients = [Client(servers, number, options.lines) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        verified = kill_and_check(servers, clients, records, options.kills, random.Random(options.seed))
        stored = check_all(servers, clients, records, verified, options.lines)
        for server in servers:
            server.stop()
            server.check_log()
        states = records.rows("SELECT state, COUNT(*) FROM batches GROUP BY state")
    singles = sum(len(client.filed) for client in clients)
    took = time.monotonic() - started
    print(f"{options.kills} kills, {len(stored)} filings, {singles} of them posted singly, batches {states}, {took:.0f} s")


if __name__ == "__main__":
    main()
