#!/usr/bin/env python3
"""Kills the server at random moments and looks whether anything was lost, doubled or left half done.

One server on SQLite and a folder; or, beside the services of .ci/services, two on one PostgreSQL and
one bucket. Batches and single posts run all the while. In the end each batch that was answered with 202 is done, each of its
lines that the rules accept is filed once, its PDF is whole, and nothing that was refused is there."""

import argparse
import atexit
import hashlib
import http.client
import io
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LETTER = json.loads((ROOT / "fixtures/valid/letter-2023-46.json").read_text())


def letter(agency_code, serial):
    filing = json.loads(json.dumps(LETTER))
    filing["document"]["document_number"] = {"agency_code": agency_code, "year": 2023, "serial": serial}
    return filing


def refused(agency_code, serial):
    filing = letter(agency_code, serial)
    filing["document"]["document_date"] = "2023-02-30"
    return filing


def line(filing):
    return json.dumps(filing, ensure_ascii=False).encode()


class Server:
    def __init__(self, options, data):
        self.options, self.data, self.process = options, data, None

    def start(self):
        command = [self.options.binary, "serve", "--listen", "127.0.0.1:0", "--data", str(self.data),
                   "--job-lease", "3", "--log", "error"]
        if self.options.database:
            command += ["--database", self.options.database, "--store", self.options.store]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        said = self.process.stdout.readline().decode()
        found = re.search(r"http://([0-9.]+):(\d+)", said)
        if not found:
            sys.exit(f"the server did not start: {said}")
        self.address = (found[1], int(found[2]))

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(90)
        if code != 0:
            sys.exit(f"a server that was told to stop ended with {code}")

    def ask(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
        finally:
            connection.close()


class Client(threading.Thread):
    """Posts single filings and batches to whichever server is there, and notes what was accepted."""

    def __init__(self, servers, number, lines):
        super().__init__(daemon=True)
        self.servers, self.random, self.lines = servers, random.Random(number), lines
        self.agency_code = f"客户{number}"
        self.serial = 0
        self.ending = False
        self.fault = None
        self.filed = {}    # 发文字号: SHA-256 of the PDF, or None where the answer was lost
        self.refused = set()
        self.batches = {}  # path: its numbers
        self.maybe = set() # numbers of batches whose answer was lost

    def number(self):
        self.serial += 1
        return self.serial, f"{self.agency_code}〔2023〕{self.serial}号"

    def run(self):
        try:
            self.post()
        except BaseException as fault:
            self.fault = fault

    def post(self):
        while not self.ending:
            server = self.random.choice(self.servers)
            try:
                if len(self.batches) <= self.done_batches(server):
                    self.post_batch(server)
                else:
                    self.post_one(server)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def done_batches(self, server):
        done = 0
        for path in self.batches:
            status, _, body = server.ask("GET", path)
            done += status == 200 and json.loads(body)["state"] == "done"
        return done

    def post_one(self, server):
        serial, name = self.number()
        if serial % 5 == 0:
            self.refused.add(name)
            status, _, body = server.ask("POST", "/v1/filings", line(refused(self.agency_code, serial)),
                                         {"content-type": "application/json"})
            assert status == 422, (status, body)
            return
        body = line(letter(self.agency_code, serial))
        self.maybe.add(name)
        status, headers, _ = server.ask("POST", "/v1/filings", body, {"content-type": "application/json"})
        if status == 201 and "location" in headers:
            self.filed[name] = headers["etag"].strip('"')

    def post_batch(self, server):
        lines, numbers = [], []
        for _ in range(self.lines):
            serial, name = self.number()
            if serial % 10 == 0:
                self.refused.add(name)
                lines.append(line(refused(self.agency_code, serial)))
            else:
                numbers.append(name)
                lines.append(line(letter(self.agency_code, serial)))
        self.maybe.update(numbers)
        status, headers, body = server.ask("POST", "/v1/batches", b"\n".join(lines),
                                           {"content-type": "application/x-ndjson"})
        assert status == 202, (status, body)
        self.batches[headers["location"]] = numbers


class Records:
    def __init__(self, options, data):
        self.options, self.data = options, data

    def rows(self, sql):
        if self.options.database:
            out = subprocess.run(["psql", self.options.database, "-AtF", "\t", "-c", sql],
                                 check=True, capture_output=True).stdout.decode()
            return [tuple(row.split("\t")) for row in out.splitlines()]
        database = sqlite3.connect(self.data / "hongtou.sqlite", timeout=30)
        try:
            return [tuple(map(str, row)) for row in database.execute(sql)]
        finally:
            database.close()

    def object(self, sha256):
        name = f"{sha256[:2]}/{sha256[2:]}"
        if not self.options.database:
            return (self.data / "objects" / name).read_bytes()
        bucket = self.options.store.removeprefix("s3://")
        # The server of the tests wants credentials and does not look at them.
        credential = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"
        request = urllib.request.Request(
            f"{os.environ['AWS_ENDPOINT']}/{bucket}/{name}",
            headers={"authorization": f"{credential}, SignedHeaders=host, Signature=0"})
        with urllib.request.urlopen(request) as answer:
            return answer.read()


def check_records(records, clients, whole):
    """Each number once, each object whole, nothing refused. Objects found whole are not read again."""
    # What is accepted after this moment may not be among the rows.
    accepted = [dict(client.filed) for client in clients]
    seen = {}
    for number, revision, source, pdf in records.rows(
            "SELECT document_number, revision, source_sha256, pdf_sha256 FROM filings"):
        assert number not in seen, f"{number} is there twice"
        assert revision == "1", f"{number} was revised"
        seen[number] = pdf
        for sha256 in (source, pdf):
            if sha256 in whole:
                continue
            content = records.object(sha256)
            assert hashlib.sha256(content).hexdigest() == sha256, f"{sha256} is not whole"
            whole.add(sha256)
    for client, filed in zip(clients, accepted):
        if client.fault:
            raise client.fault
        for number, sha256 in filed.items():
            assert seen.get(number) == sha256, f"{number} was accepted and is not there"
        assert not set(client.refused) & seen.keys(), "something refused is there"
    lines = records.rows(
        "SELECT f.id, l.filing_id FROM batch_lines l LEFT JOIN filings f ON f.id = l.filing_id "
        "WHERE l.state = 'filed'")
    filings = [found for found, _ in lines]
    assert all(found == named for found, named in lines), "a line names a filing that is not there"
    assert len(filings) == len(set(filings)), "two lines have one filing"
    return seen


def check_batch(server, path, numbers, total):
    while True:
        status, _, body = server.ask("GET", path)
        record = json.loads(body)
        assert status == 200, record
        if record["state"] == "done":
            break
        time.sleep(0.2)
    counts = record["counts"]
    assert record["total"] == total and counts["filed"] == len(numbers), record
    assert counts["refused"] == total - len(numbers), record
    status, _, body = server.ask("GET", path + "/archive.zip")
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    manifest = [json.loads(entry) for entry in archive.read("manifest.ndjson").splitlines()]
    assert len(manifest) == total
    filed = {entry["document_number"]: entry for entry in manifest if entry["state"] == "filed"}
    assert sorted(filed) == sorted(numbers)
    assert len(archive.namelist()) == len(numbers) + 1
    for number, entry in filed.items():
        assert entry["file"] == f"{number}.pdf"
        assert hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]
    for entry in manifest:
        assert entry["state"] == "filed" or entry["problem"]["errors"], entry


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--two-servers", action="store_true", help="on the services of .ci/services")
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--lines", type=int, default=600, help="lines of a batch")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    options.database = options.store = None
    if options.two_servers:
        options.database = os.environ["HONGTOU_TEST_DATABASE"]
        options.store = os.environ["HONGTOU_TEST_STORE"]
    chance = random.Random(options.seed)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hongtou-kill-") as folder:
        data = pathlib.Path(folder)
        servers = [Server(options, data) for _ in range(2 if options.database else 1)]
        for server in servers:
            # Whatever ends this script ends the servers.
            atexit.register(server.kill)
            server.start()
        records = Records(options, data)
        clients = [Client(servers, number, options.lines) for number in range(2)]
        for client in clients:
            client.start()
        whole = set()
        for _ in range(options.kills):
            time.sleep(chance.uniform(0.05, 1.5))
            victim = chance.choice(servers)
            victim.kill()
            check_records(records, clients, whole)
            victim.start()
        for client in clients:
            client.ending = True
        for client in clients:
            client.join()
        for client in clients:
            for path, numbers in client.batches.items():
                check_batch(servers[0], path, numbers, options.lines)
        # Batches whose 202 was lost come to their end too; an upload that broke off leaves none. On
        # PostgreSQL it is swept after ten minutes, since another server may be taking it in.
        open_states = "'queued', 'running'" + ("" if options.database else ", 'receiving'")
        while records.rows(f"SELECT id FROM batches WHERE state IN ({open_states})"):
            time.sleep(0.2)
        seen = check_records(records, clients, whole)
        expected = {n for c in clients for numbers in c.batches.values() for n in numbers}
        expected |= {n for c in clients for n in c.filed}
        assert expected <= seen.keys()
        assert seen.keys() <= expected | {n for c in clients for n in c.maybe}
        for server in servers:
            server.stop()
        left = records.rows("SELECT state, COUNT(*) FROM batches GROUP BY state")
        print(f"{options.kills} kills, {len(seen)} filings, batches {left}, "
              f"{sum(len(c.filed) for c in clients)} single posts, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
