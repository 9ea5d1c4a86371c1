#!/usr/bin/env python3
"""Takes PostgreSQL, the bucket and the disk space away from a running server, and gives them back.

PostgreSQL and the bucket are taken away during a batch, too. While a part is missing, the server responds
with 503 and Retry-After within seconds. Afterwards the same server works again, and everything that it
accepted is complete. Runs in `.ci/services`, and mounts a small tmpfs as root or with sudo.
"""

import hashlib
import io
import json
import os
import shlex
import subprocess
import tempfile
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from support import tools
from support.checks import check, wait_until
from support.client import JSON, NDJSON
from support.program import valid_fixture
from support.proxy import Proxy
from support.server import Server

SEED = json.loads(valid_fixture("bazhong-2021-38").read_text())

# Seconds, longer than the server waits for any missing part.
AT_ONCE = 15
RECOVERY = 30
# Lines that were being made are made again after their lease expires.
BATCH_RECOVERY = 150

LINES = 200
CROWD = 20


def filing(serial):
    SEED["document"]["document_number"]["serial"] = serial
    return json.dumps(SEED).encode()


class TestedServer(Server):
    """A server that is compared with what it accepted."""

    def __init__(self, folder, *options, environment=None):
        super().__init__(folder, "--log-format", "json", *options, log="info", environment=environment)
        self.accepted = []
        self.n_unavailable = 0
        self.lock = threading.Lock()

    def request(self, method, path, body=None, headers=None, timeout=120):
        response = super().request(method, path, body, headers or JSON, timeout)
        if response.status == 503:
            with self.lock:
                self.n_unavailable += 1
        return response

    def post(self, serial):
        response = self.request("POST", "/v1/filings", filing(serial))
        if response.status == 201:
            self.accepted.append(response)
        return response

    def check_accepts(self, serial):
        """Posts the first filing. Returns the path of its PDF."""
        response = self.post(serial)
        check(response.status == 201, response.text[:300])
        return response.headers["Location"] + "/pdf"

    def check_unavailable(self, method, path, body=None):
        """A request fails at once with 503 because a part is missing."""
        start = time.monotonic()
        response = self.request(method, path, body)
        took = time.monotonic() - start
        what = f"{method} {path}: {response.status} after {took:.1f} s"
        shown = f"{what} {response.content[:300]}"
        check(response.status == 503, shown)
        check(took < AT_ONCE, shown)
        problem = response.json()
        check(problem["type"] == "/problems/storage-unavailable", shown)
        check("稍后重试" in problem["detail"], shown)
        check(response.headers["Retry-After"].isdigit(), shown)
        print(f"  {what}\n", end="", flush=True)

    def check_refuses_filing(self, serial):
        self.check_unavailable("POST", "/v1/filings", filing(serial))

    def check_works(self, method, path, body=None):
        """A request that does not need the missing part succeeds."""
        response = self.request(method, path, body)
        check(response.status == 200, f"{method} {path}: {response.status} {response.content[:300]}")

    def check_recovers(self, serial):
        """Posts until a filing is accepted, then checks everything that was accepted so far."""
        start = time.monotonic()

        def is_accepted():
            response = self.post(serial)
            check(response.status in (201, 503), f"{response.status} {response.content[:300]}")
            return response.status == 201

        wait_until(is_accepted, "the server recovers by itself", RECOVERY, pause=0.5)
        print(f"  recovered: 201 after {time.monotonic() - start:.1f} s")
        self.check_accepted()

    def check_accepted(self):
        """Every accepted filing is stored once and completely, and no other filing is stored."""
        stored = self.request("GET", "/v1/filings?limit=200").json()["filings"]
        locations = sorted(response.headers["Location"] for response in self.accepted)
        found = sorted(f"/v1/filings/{filing['id']}" for filing in stored)
        check(found == locations, f"stored {found}, accepted {locations}")
        for response in self.accepted:
            pdf = self.request("GET", response.headers["Location"] + "/pdf")
            check(pdf.status == 200 and pdf.content == response.content, "a PDF is incomplete")
            source = self.request("GET", response.headers["Location"] + "/source")
            check(source.status == 200, "a source is missing")
        print(f"  {len(self.accepted)} filings are stored and complete")

    def start_batch(self, first_serial):
        """Posts a batch and waits until it is in progress. Returns its path."""
        lines = [filing(serial) for serial in range(first_serial, first_serial + LINES)]
        response = self.request("POST", "/v1/batches", b"\n".join(lines), NDJSON)
        check(response.status == 202, response.text)
        batch = response.headers["Location"]

        def has_begun():
            filed = self.filed_lines(batch)
            return filed if filed >= LINES // 10 else None

        filed = wait_until(has_begun, "a batch begins", RECOVERY)
        check(filed < LINES // 2, f"the batch is no longer in progress: {filed} lines are filed")
        return batch

    def filed_lines(self, batch):
        """How many lines of a batch are filed; 0 while the server cannot say."""
        response = self.request("GET", batch)
        check(response.status in (200, 503), f"{response.status} {response.content[:300]}")
        return response.json()["counts"]["filed"] if response.status == 200 else 0

    def check_batch(self, batch):
        """Waits until every line of a batch is filed, and compares the files with the manifest."""
        start = time.monotonic()
        is_done = lambda: self.filed_lines(batch) >= LINES
        wait_until(is_done, "a batch continues by itself", BATCH_RECOVERY, pause=0.5)
        took = time.monotonic() - start
        archive = zipfile.ZipFile(io.BytesIO(self.request("GET", batch + "/archive.zip").content))
        manifest = [json.loads(line) for line in archive.read("manifest.ndjson").splitlines()]
        check(len(manifest) == LINES, f"the manifest has {len(manifest)} lines")
        for entry in manifest:
            sha256 = hashlib.sha256(archive.read(entry["file"])).hexdigest()
            check(sha256 == entry["sha256"], f"{entry['file']} is incomplete")
        print(f"  {LINES} lines are filed {took:.1f} s after the recovery")

    def check_outages_in_log(self):
        """Every 503 is logged once, and nothing panicked."""
        log = [json.loads(line) for line in self.log_text().splitlines()]
        check(not any("panic" in json.dumps(event) for event in log), "the server panicked")
        is_outage = lambda event: event["level"] == "WARN" and "::problem" in event["target"]
        logged = sum(map(is_outage, log))
        check(logged == self.n_unavailable, f"{self.n_unavailable} outages, {logged} in the log")
        print(f"  {logged} outages, each logged once; no panic")


class PostgreSql:
    """The database of `.ci/services`."""

    def _control(self, *words):
        command = [*shlex.split(os.environ["HONGTOU_TEST_PG_CTL"]), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self._control("stop", "-m", "fast")

    def start(self):
        self._control("start")


def stop_database(server, database, pdf):
    print("PostgreSQL stops", flush=True)
    database.stop()
    server.check_refuses_filing(2)
    server.check_unavailable("GET", "/v1/filings")
    server.check_unavailable("GET", pdf)
    print(f"  {CROWD} requests at once")
    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(lambda _: server.check_unavailable("GET", pdf), range(CROWD)))
    server.check_works("GET", "/healthz")
    database.start()
    server.check_recovers(2)


def refuse_bucket(server, bucket, pdf):
    print("The bucket refuses connections", flush=True)
    bucket.close()
    server.check_refuses_filing(3)
    server.check_unavailable("GET", pdf)
    server.check_works("GET", "/v1/filings")
    server.check_works("GET", "/healthz")
    server.check_works("POST", "/v1/checks", filing(3))
    bucket.open()
    server.check_recovers(3)


def silence_bucket(server, bucket, pdf):
    print("The bucket accepts connections and never responds", flush=True)
    bucket.is_silent = True
    bucket.cut()
    server.check_refuses_filing(4)
    server.check_unavailable("GET", pdf)
    bucket.is_silent = False
    bucket.cut()
    server.check_recovers(4)


def stop_database_during_batch(server, database):
    print("PostgreSQL stops during a batch", flush=True)
    batch = server.start_batch(1000)
    database.stop()
    server.check_unavailable("GET", batch)
    database.start()
    server.check_batch(batch)


def refuse_bucket_during_batch(server, bucket, pdf):
    print("The bucket refuses connections during a batch", flush=True)
    batch = server.start_batch(2000)
    bucket.close()
    server.check_unavailable("GET", pdf)
    bucket.open()
    server.check_batch(batch)


def test_database_and_bucket(folder):
    host, port = os.environ["AWS_ENDPOINT"].removeprefix("http://").split(":")
    bucket, database = Proxy((host, int(port))), PostgreSql()
    options = ["--database", os.environ["HONGTOU_TEST_DATABASE"]]
    options += ["--store", os.environ["HONGTOU_TEST_STORE"] + "/faults"]
    environment = {"AWS_ENDPOINT": f"http://127.0.0.1:{bucket.port}"}
    with TestedServer(folder, *options, environment=environment) as server:
        pdf = server.check_accepts(1)
        stop_database(server, database, pdf)
        refuse_bucket(server, bucket, pdf)
        silence_bucket(server, bucket, pdf)
        stop_database_during_batch(server, database)
        refuse_bucket_during_batch(server, bucket, pdf)
        server.stop()
        server.check_outages_in_log()


@contextmanager
def small_disk(folder):
    folder.mkdir()
    options = f"size=12m,uid={os.getuid()},gid={os.getgid()}"
    tools.run_as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)
    try:
        yield
    finally:
        tools.run_as_root("umount", "--lazy", folder)


def fill(path):
    """Writes to a file until the disk is full."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def fill_disk(server, ballast):
    print("The disk is full", flush=True)
    fill(ballast)
    for serial in range(2, 6):
        server.check_refuses_filing(serial)
    server.check_works("GET", "/v1/filings")
    server.check_works("GET", "/healthz")
    server.check_works("POST", "/v1/checks", filing(5))
    server.check_accepted()


def fill_disk_nearly(server, ballast):
    """There is room for the files of a filing, or for some of them, and perhaps not for its record."""
    print("The disk is nearly full", flush=True)
    size, serial = ballast.stat().st_size, 10
    for room in range(0, 2 << 20, 64 << 10):
        os.truncate(ballast, size - room)
        response = server.post(serial)
        check(response.status in (201, 503), f"{response.status} {response.content[:300]}")
        if response.status == 201:
            serial += 1
    server.check_accepted()


def check_objects(folder):
    """The name of every stored file is its SHA-256."""
    for path in folder.rglob("*"):
        # The first two of the 64 digits name the folder.
        if path.is_file() and len(path.name) == 62:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            check(path.parent.name + path.name == sha256, f"{path} is incomplete")


def test_full_disk(folder):
    data = Path(folder) / "data"
    with small_disk(data), TestedServer(folder, "--cache", "0") as server:
        server.check_accepts(1)
        ballast = data / "ballast"
        fill_disk(server, ballast)
        fill_disk_nearly(server, ballast)
        ballast.unlink()
        server.check_recovers(100)
        check_objects(data / "objects")
        server.stop()
        server.check_outages_in_log()


def main():
    for test in (test_database_and_bucket, test_full_disk):
        with tempfile.TemporaryDirectory(prefix="hongtou-faults-") as folder:
            test(folder)


if __name__ == "__main__":
    main()
