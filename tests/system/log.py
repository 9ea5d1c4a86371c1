#!/usr/bin/env python3
"""Checks the log of a running server with other programs.

A second implementation (hashlib, OpenSSL) verifies receipts with the signatures of the log and of a witness
that runs beside it; OpenSSL stamps a checkpoint and verifies the stamp; a database that is restored from an
older backup reads the log back before it signs again.
"""

import base64
import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from support import receipts
from support.checks import check, check_equal, wait_until
from support.client import JSON
from support.program import HONGTOU, valid_fixture
from support.server import Server

ORIGIN = "archive.example/hongtou/1"
WITNESS = "daj.example/witness"
LETTER = json.loads(valid_fixture("letter-2023-46").read_text())

TSA = """
[tsa]
default_tsa = tsa1
[tsa1]
dir = {folder}
serial = $dir/serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


def hongtou(*arguments, code=0):
    done = subprocess.run([HONGTOU, *map(str, arguments)], capture_output=True, text=True)
    check(done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make_authority(folder):
    """The key and the certificate of a time stamp authority."""
    folder.mkdir()
    (folder / "tsa.cnf").write_text(TSA.format(folder=folder))
    (folder / "serial").write_text("01\n")
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    request += ["-subj", "/CN=Test authority", "-addext", "extendedKeyUsage=critical,timeStamping"]
    request += ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem", "-days", "30"]
    subprocess.run(request, check=True, capture_output=True)


class Authority(BaseHTTPRequestHandler):
    """Answers requests for time stamps with `openssl ts`."""

    folder = None

    def do_POST(self):
        query, reply = self.folder / "query", self.folder / "reply"
        query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        command = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", query]
        command += ["-signer", self.folder / "certificate.pem", "-inkey", self.folder / "key.pem", "-out", reply]
        subprocess.run(command, check=True, capture_output=True)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(reply.read_bytes())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def authority(folder):
    make_authority(folder)
    Authority.folder = folder
    server = HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@contextlib.contextmanager
def witness(folder, logs):
    """A running witness. Yields its address and its public key."""
    command = [HONGTOU, "witness", "serve", "--name", WITNESS, "--logs", logs, "--data", folder, "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://[0-9.:]+", process.stdout.readline())[0]
        yield address, process.stdout.readline().split("：")[1].strip()
    finally:
        process.terminate()
        check(process.wait(30) == 0, "the witness did not stop")


def filing(serial):
    body = json.loads(json.dumps(LETTER))
    body["document"]["document_number"]["serial"] = serial
    return json.dumps(body, ensure_ascii=False).encode()


def post(server, serial):
    response = server.request("POST", "/v1/filings", filing(serial), JSON)
    check(response.status == 201, response.text)
    return response.headers["Location"], response.content


def receipt(server, path):
    def ready():
        response = server.request("GET", path + "/receipt")
        check(response.status in (200, 202), response.text)
        return response.status == 200 and response.text

    return wait_until(ready, f"{path} has a receipt", 60, pause=0.2)


def cosigned(server, size):
    def ready():
        text = server.request("GET", "/log/checkpoint").text
        return WITNESS in text and int(text.splitlines()[1]) >= size and text

    return wait_until(ready, "the witness has cosigned", 60, pause=0.2)


def verify_log(data):
    """Replays the log. The report has its public key."""
    report = json.loads(hongtou("archive", "verify-log", "--json", "--data", data))
    check_equal(report["faults"], [], "the log has no faults")
    return report


def sm2_key(data):
    """The SM2 key of the log, from its key file."""
    lines = dict(line.split(" ") for line in (data / "log.key").read_text().splitlines()[1:])
    secret = base64.b64decode(lines["sm2"])
    # An EC private key without its public part: OpenSSL computes the public part.
    der = b"\x30\x31\x02\x01\x01\x04\x20" + secret + bytes.fromhex("a00a06082a811ccf5501822d")
    done = subprocess.run(
        ["openssl", "ec", "-inform", "DER", "-pubout", "-outform", "DER"], input=der, capture_output=True, check=True
    )
    material = receipts.SM2_TYPE + done.stdout[-65:]
    return f"{ORIGIN}+{receipts.key_id(ORIGIN, material).hex()}+{base64.b64encode(material).decode()}"


def check_stamp(data, folder):
    def stamp():
        return next(iter((data / "objects/log/time").glob("*.tsr")), None)

    path = wait_until(stamp, "a checkpoint is stamped", 60, pause=0.2)
    size = path.name.split(".")[0]
    note = (data / f"objects/log/checkpoint/{size}").read_text()
    text = folder / "checkpoint.txt"
    text.write_text(note.rsplit("\n\n", 1)[0] + "\n")
    command = ["openssl", "ts", "-verify", "-data", text, "-in", path, "-CAfile", folder / "tsa/certificate.pem"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    check("Verification: OK" in done.stdout + done.stderr, done.stdout + done.stderr)
    print("ok  OpenSSL verifies the time stamp of a checkpoint", flush=True)


def check_offline(folder, vkeys, pdf, text):
    """`hongtou verify --receipt` accepts the file and refuses every other."""
    log, witness_key = vkeys
    files = {"f.pdf": pdf, "other.pdf": pdf[:-1] + b"x", "r.tlog-proof": text.encode()}
    files["policy"] = f"log {log}\nwitness w {witness_key}\nquorum w\n".encode()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    options = ["--receipt", folder / "r.tlog-proof", "--policy", folder / "policy"]
    said = hongtou("verify", folder / "f.pdf", *options)
    check("存证回执有效" in said and "见证方：w。" in said, said)
    said = hongtou("verify", folder / "other.pdf", *options, code=1)
    check("存证回执无效" in said, said)
    report = json.loads(hongtou("verify", folder / "f.pdf", "--json", *options))
    check(report["valid"] and report["role"] == "pdf", report)
    print("ok  hongtou verify --receipt", flush=True)


def check_restore(server, folder, data):
    """An older database reads the published log back, and the log continues."""
    server.stop()
    backup = folder / "backup.sqlite"
    with contextlib.closing(sqlite3.connect(data / "hongtou.sqlite")) as source:
        with contextlib.closing(sqlite3.connect(backup)) as copy:
            source.backup(copy)
    server.start()
    path, pdf = post(server, 11)
    lost = receipt(server, path)
    server.stop()
    before = json.loads(hongtou("archive", "verify-log", "--json", "--data", data))["entries"]
    for name in data.glob("hongtou.sqlite*"):
        name.unlink()
    shutil.copy(backup, data / "hongtou.sqlite")
    server.start()
    wait_until(lambda: "was read back" in server.log_text(), "the log is read back", 60)
    path, _ = post(server, 12)
    receipt(server, path)
    server.stop()
    report = json.loads(hongtou("archive", "verify-log", "--json", "--data", data))
    check_equal((report["entries"], report["faults"]), (before + 1, []), "the log continues after a restore")
    receipts.verify(lost, pdf, [])
    server.start()


def check_new_key(folder, data):
    """A new key takes over: new receipts are signed by it, the old ones stay valid."""
    old = verify_log(data)["key"]
    said = hongtou("archive", "rotate-log-key", "--data", data)
    new = said.splitlines()[0].split("公钥：")[1]
    check(new != old and len(list(data.glob("log.key.*"))) == 1, said)
    with Server(folder, "--log-origin", ORIGIN, log="warn") as server:
        path, pdf = post(server, 21)
        text = receipt(server, path)
        receipts.verify(text, pdf, [new])
        server.check_log()
    check_equal(verify_log(data)["key"], new, "the key of the log")
    (folder / "policy").write_text(f"log {old}\nlog {new}\nquorum none\n")
    for name, content in [("new.pdf", pdf), ("new.tlog-proof", text.encode())]:
        (folder / name).write_bytes(content)
    for pdf, proof in [("f.pdf", "r.tlog-proof"), ("new.pdf", "new.tlog-proof")]:
        said = hongtou("verify", folder / pdf, "--receipt", folder / proof, "--policy", folder / "policy")
        check("存证回执有效" in said, said)
    print("ok  a new key of the log", flush=True)


def main():
    with tempfile.TemporaryDirectory(prefix="hongtou-log-") as folder, contextlib.ExitStack() as stack:
        folder = Path(folder)
        data = folder / "data"
        # The key must exist before the witness can know it.
        first = Server(folder, "--log-origin", ORIGIN, log="warn")
        with first:
            path, _ = post(first, 1)
            receipt(first, path)
        log_key = verify_log(data)["key"]
        (folder / "logs").write_text(f"log {log_key}\nquorum none\n")
        address, witness_key = stack.enter_context(witness(folder / "witness", folder / "logs"))
        (folder / "witnesses").write_text(f"witness w {witness_key} {address}\n")
        tsa = stack.enter_context(authority(folder / "tsa"))
        options = ["--log-origin", ORIGIN, "--log-witnesses", folder / "witnesses", "--log-stamp", tsa]
        server = stack.enter_context(Server(folder, *options, log="warn"))
        path, pdf = post(server, 2)
        entry, index, size = receipts.verify(receipt(server, path), pdf, [log_key])
        check_equal((entry["act"], size > index), ("filing_kept", True), "a receipt verified by Python and OpenSSL")
        cosigned(server, size)
        text = receipt(server, path)
        receipts.verify(text, pdf, [log_key, witness_key, sm2_key(data)])
        print("ok  the signatures of the log (Ed25519, SM2) and of the witness, verified by OpenSSL", flush=True)
        check_offline(folder, (log_key, witness_key), pdf, text)
        check_stamp(data, folder)
        check_restore(server, folder, data)
        server.check_log()
        server.stop()
        check_new_key(folder, data)
    print("the log is what it says")


if __name__ == "__main__":
    main()
