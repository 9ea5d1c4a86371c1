#!/usr/bin/env python3
"""Takes away what a server needs, and gives it back: PostgreSQL, the bucket, room on the disk; the first
two under a batch as well.

Run by `just faults`, beside the services of `.ci/services`; mounts a small tmpfs, so as root. While
a part is away, the server says so at once with 503 and a time to come again; when it is back, the
same server serves as before, and what it had accepted is there, whole.
"""

import hashlib
import http.client
import io
import json
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HONGTOU = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/hongtou"
SEED = json.loads((ROOT / "fixtures/valid/bazhong-2021-38.json").read_text())

# Longer than any wait that the server allows itself for a part that is away.
AT_ONCE = 15
RECOVERY = 30
# Runs of lines that were in hand are taken up anew when their lease ends.
BATCH_RECOVERY = 150

LINES = 200

# Those whose log tells why something failed.
SERVERS = []


def check(holds, what):
    if not holds:
        for server in SERVERS:
            print(server.log_path.read_text()[-4000:], file=sys.stderr)
        sys.exit(f"FAILED: {what}")


class Proxy:
    """Passes connections on to a server, or refuses them, or takes them and says nothing."""

    def __init__(self, target):
        self.target = target
        self.silent = False
        self.connections = []
        self.listener = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.open()

    def open(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def close(self):
        # Wakes the thread that accepts, which a close alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def cut(self):
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections.clear()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections.append(client)
            if self.silent:
                continue
            server = socket.create_connection(self.target)
            self.connections.append(server)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Server:
    """A `hongtou serve` on a free port."""

    def __init__(self, folder, *arguments, **environment):
        self.log_path = pathlib.Path(folder) / "server.log"
        self.n_unavailable = 0
        SERVERS[:] = [self]
        self.process = subprocess.Popen(
            [HONGTOU, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", *arguments],
            stdout=subprocess.PIPE,
            stderr=self.log_path.open("w"),
            env=os.environ | environment,
            text=True,
        )
        line = self.process.stdout.readline()
        check("http://" in line, f"the server starts: {line}{self.log_path.read_text()}")
        self.address = line.split("http://")[1].split("（")[0]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.address, timeout=120)
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        if answer.status == 503:
            self.n_unavailable += 1
        return answer

    def post(self, serial):
        SEED["document"]["document_number"]["serial"] = serial
        return self.ask("POST", "/v1/filings", json.dumps(SEED))

    def post_batch(self, serials):
        """A batch of which some lines are filed, and most are not."""
        lines = []
        for serial in serials:
            SEED["document"]["document_number"]["serial"] = serial
            lines.append(json.dumps(SEED))
        ndjson = {"Content-Type": "application/x-ndjson"}
        answer = self.ask("POST", "/v1/batches", "\n".join(lines), **ndjson)
        check(answer.status == 202, answer.content)
        batch, began = answer.headers["Location"], time.monotonic()
        while (filed := self.filed_of(batch)) < LINES // 10:
            check(time.monotonic() - began < RECOVERY, "a batch begins")
            time.sleep(0.05)
        check(filed < LINES // 2, f"a batch is under way: {filed}")
        return batch

    def filed_of(self, batch):
        """How many lines of a batch are filed, as far as the server can say."""
        answer = self.ask("GET", batch)
        check(answer.status in (200, 503), f"{answer.status} {answer.content[:300]}")
        return json.loads(answer.content)["counts"]["filed"] if answer.status == 200 else 0

    def ends(self, batch):
        """Waits until each line of a batch is filed, and holds the files against its manifest."""
        began = time.monotonic()
        while self.filed_of(batch) < LINES:
            check(time.monotonic() - began < BATCH_RECOVERY, "a batch goes on by itself")
            time.sleep(0.5)
        took = time.monotonic() - began
        archive = zipfile.ZipFile(io.BytesIO(self.ask("GET", batch + "/archive.zip").content))
        manifest = map(json.loads, archive.read("manifest.ndjson").splitlines())
        whole = [
            hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]
            for entry in manifest
        ]
        check(all(whole) and len(whole) == LINES, "each line is filed once, whole")
        print(f"  {LINES} lines are filed, {took:.1f} s after it was back")

    def is_away(self, method, path, body=None):
        """Whether a request is told at once that a part is away."""
        began = time.monotonic()
        answer = self.post(body) if method == "POST" else self.ask(method, path)
        took = time.monotonic() - began
        what = f"{method} {path}: {answer.status} after {took:.1f} s {answer.content[:300]}"
        check(answer.status == 503, what)
        check(took < AT_ONCE, what)
        problem = json.loads(answer.content)
        check(problem["type"] == "/problems/storage-unavailable", what)
        check("稍后重试" in problem["detail"], what)
        check(answer.headers["Retry-After"].isdigit(), what)
        sys.stdout.write(f"  {method} {path}: 503 after {took:.1f} s\n")

    def recovers(self, serial):
        began = time.monotonic()
        while (answer := self.post(serial)).status != 201:
            check(answer.status == 503, f"{answer.status} {answer.content[:300]}")
            check(time.monotonic() - began < RECOVERY, "the server recovers by itself")
            time.sleep(0.5)
        print(f"  back: 201 after {time.monotonic() - began:.1f} s")
        return answer

    def holds(self, *posted):
        """Whether what was accepted is there, once and whole, and nothing else."""
        found = json.loads(self.ask("GET", "/v1/filings?limit=200").content)["filings"]
        places = sorted(answer.headers["Location"] for answer in posted)
        check(sorted(f"/v1/filings/{filing['id']}" for filing in found) == places, "all is there")
        for answer in posted:
            pdf = self.ask("GET", answer.headers["Location"] + "/pdf")
            check(pdf.status == 200 and pdf.content == answer.content, "a PDF is whole")
            source = self.ask("GET", answer.headers["Location"] + "/source")
            check(source.status == 200, "a source is there")
        print(f"  {len(posted)} filings are there, whole")

    def serves_otherwise(self):
        check(self.ask("GET", "/healthz").status == 200, "the server is healthy")

    def checks(self):
        check(self.ask("POST", "/v1/checks", json.dumps(SEED)).status == 200, "checks go on")

    def stop(self):
        check(self.process.poll() is None, "the server never ended")
        self.process.terminate()
        check(self.process.wait(60) == 0, "the server ends well")
        log = [json.loads(line) for line in self.log_path.read_text().splitlines()]
        check(not any("panic" in json.dumps(event) for event in log), "nothing panicked")
        messages = [event["fields"].get("message") for event in log]
        told = messages.count("the archive does not serve for now")
        check(told == self.n_unavailable, f"{self.n_unavailable} outages, {told} in the log")
        print(f"  {told} outages, each logged once; no panic")


def database_and_bucket(folder):
    host, port = os.environ["AWS_ENDPOINT"].removeprefix("http://").split(":")
    bucket = Proxy((host, int(port)))
    server = Server(
        folder,
        *("--database", os.environ["HONGTOU_TEST_DATABASE"]),
        *("--store", os.environ["HONGTOU_TEST_STORE"] + "/faults"),
        AWS_ENDPOINT=f"http://127.0.0.1:{bucket.port}",
    )
    kept = [server.post(1)]
    check(kept[0].status == 201, kept[0].content)
    pdf = kept[0].headers["Location"] + "/pdf"

    print("PostgreSQL stopped")
    control = shlex.split(os.environ["HONGTOU_TEST_PG_CTL"])
    subprocess.run([*control, "stop", "-m", "fast"], check=True, stdout=subprocess.DEVNULL)
    server.is_away("POST", "/v1/filings", 2)
    server.is_away("GET", "/v1/filings")
    server.is_away("GET", pdf)
    crowd = [threading.Thread(target=server.is_away, args=("GET", pdf)) for _ in range(20)]
    print(f"  {len(crowd)} requests at once")
    for request in crowd:
        request.start()
    for request in crowd:
        request.join()
    server.serves_otherwise()
    subprocess.run([*control, "start"], check=True, stdout=subprocess.DEVNULL)
    kept.append(server.recovers(2))
    server.holds(*kept)

    print("bucket refuses connections")
    bucket.close()
    server.is_away("POST", "/v1/filings", 3)
    server.is_away("GET", pdf)
    check(server.ask("GET", "/v1/filings").status == 200, "records need no bucket")
    server.serves_otherwise()
    server.checks()
    bucket.open()
    kept.append(server.recovers(3))
    server.holds(*kept)

    print("bucket takes connections and says nothing")
    bucket.silent = True
    bucket.cut()
    server.is_away("POST", "/v1/filings", 4)
    server.is_away("GET", pdf)
    bucket.silent = False
    bucket.cut()
    kept.append(server.recovers(4))
    server.holds(*kept)

    print("PostgreSQL stopped under a batch")
    batch = server.post_batch(range(1000, 1000 + LINES))
    subprocess.run([*control, "stop", "-m", "fast"], check=True, stdout=subprocess.DEVNULL)
    server.is_away("GET", batch)
    subprocess.run([*control, "start"], check=True, stdout=subprocess.DEVNULL)
    server.ends(batch)

    print("bucket refuses connections under a batch")
    batch = server.post_batch(range(2000, 2000 + LINES))
    bucket.close()
    server.is_away("GET", pdf)
    bucket.open()
    server.ends(batch)
    server.stop()


def full_disk(folder):
    data = pathlib.Path(folder) / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", data], check=True)
    try:
        server = Server(folder, "--data", data, "--cache", "0")
        kept = [server.post(1)]
        check(kept[0].status == 201, kept[0].content)

        print("disk full")
        ballast = data / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        for serial in range(2, 6):
            server.is_away("POST", "/v1/filings", serial)
        check(server.ask("GET", "/v1/filings").status == 200, "reading goes on")
        server.serves_otherwise()
        server.checks()
        server.holds(*kept)

        # Room for the objects, and perhaps not for the record: whichever fails, nothing is half there.
        print("disk nearly full")
        size = ballast.stat().st_size
        serial = 10
        for room in range(0, 2 << 20, 64 << 10):
            os.truncate(ballast, size - room)
            answer = server.post(serial)
            check(answer.status in (201, 503), f"{answer.status} {answer.content[:300]}")
            if answer.status == 201:
                kept.append(answer)
                serial += 1
        server.holds(*kept)

        ballast.unlink()
        kept.append(server.recovers(100))
        server.holds(*kept)
        for path in (data / "objects").rglob("*"):
            if path.is_file() and len(path.name) == 62:
                sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                check(path.parent.name + path.name == sha256, f"{path} is whole")
        server.stop()
    finally:
        subprocess.run(["umount", "--lazy", data], check=True)


with tempfile.TemporaryDirectory() as folder:
    database_and_bucket(folder)
with tempfile.TemporaryDirectory() as folder:
    full_disk(folder)
print("all faults were borne")
