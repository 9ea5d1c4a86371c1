#!/usr/bin/env python3
"""Checks that the retention and the holds of filings become locks in a bucket (S3 Object Lock).

The S3 server of moto checks no signatures, so a proxy before it checks those of the requests about locks.

Run with a bucket of its own: .ci/services tests/system/object_lock.py
"""

import contextlib
import datetime
import http.client
import json
import os
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from support import tools
from support.checks import check, check_equal, wait_until
from support.client import JSON
from support.program import valid_fixture
from support.server import Server

tools.enter("moto")

import boto3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

BUCKET = "locked"
LETTER = json.loads(valid_fixture("letter-2023-46").read_text())
UTC = datetime.timezone.utc


def filing(serial):
    body = json.loads(json.dumps(LETTER))
    body["document"]["document_number"]["serial"] = serial
    return json.dumps(body, ensure_ascii=False).encode()


def post(server, serial):
    response = server.request("POST", "/v1/filings", filing(serial), JSON | {"Accept": "application/json"})
    check(response.status == 201, response.text)
    return response.json()


def send(server, method, path, body, status=200):
    response = server.request(method, path, json.dumps(body) if body else None, JSON if body else None)
    check(response.status == status, response.text)
    return response


def mirrored(server, words="the locks of the bucket follow"):
    """The counts of the locks, which the server logs when it has compared all."""
    lines = [line for line in server.log_text().splitlines() if words in line]
    return lines and lines[-1]


class Bucket:
    def __init__(self):
        self.client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT"], region_name="us-east-1")
        self.client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)

    def lock(self, sha256):
        """Mode, end and legal hold of an object."""
        head = self.client.head_object(Bucket=BUCKET, Key=f"{sha256[:2]}/{sha256[2:]}")
        is_held = head.get("ObjectLockLegalHoldStatus") == "ON"
        return head.get("ObjectLockMode"), head.get("ObjectLockRetainUntilDate"), is_held

    def lock_for_owner(self, sha256):
        """The owner of the bucket locks an object for a day, which nobody can shorten, and holds it."""
        key = f"{sha256[:2]}/{sha256[2:]}"
        until = datetime.datetime.now(UTC) + datetime.timedelta(days=1)
        retention = {"Mode": "COMPLIANCE", "RetainUntilDate": until}
        self.client.put_object_retention(Bucket=BUCKET, Key=key, Retention=retention)
        self.client.put_object_legal_hold(Bucket=BUCKET, Key=key, LegalHold={"Status": "ON"})

    def lock_for_longer(self, sha256, until):
        """The owner of the bucket locks an object for longer than its filing is kept."""
        retention = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
        self.client.put_object_retention(Bucket=BUCKET, Key=f"{sha256[:2]}/{sha256[2:]}", Retention=retention)

    def delete(self, sha256):
        """Tries to delete the bytes of an object, not only to hide them."""
        key = f"{sha256[:2]}/{sha256[2:]}"
        version = self.client.head_object(Bucket=BUCKET, Key=key)["VersionId"]
        try:
            self.client.delete_object(Bucket=BUCKET, Key=key, VersionId=version)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "deleted"


def signature_of(method, host, target, headers):
    """The signature that a signed request should have, by botocore."""
    url = urlsplit(target)
    query = [pair for pair in url.query.split("&") if not pair.startswith("X-Amz-Signature=")]
    values = dict(parse_qsl(url.query, keep_blank_values=True))
    signed = [name for name in values["X-Amz-SignedHeaders"].split(";") if name != "host"]
    address = f"http://{host}{url.path}?{'&'.join(query)}"
    request = AWSRequest(method=method, url=address, headers={name: headers[name] for name in signed})
    request.context["timestamp"] = values["X-Amz-Date"]
    auth = S3SigV4QueryAuth(Credentials("test", "test"), "s3", "us-east-1")
    return auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)


class Proxy(BaseHTTPRequestHandler):
    """Passes requests on to the S3 server, and refuses those with a wrong signature in their URL."""

    protocol_version = "HTTP/1.1"
    target = None
    refused = None
    n_signed = 0

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        signature = dict(parse_qsl(urlsplit(self.path).query)).get("X-Amz-Signature")
        if signature:
            if signature != signature_of(self.command, self.headers["Host"], self.path, self.headers):
                return self.send_error(403, "SignatureDoesNotMatch")
            Proxy.n_signed += 1
            if self.command == "PUT" and urlsplit(self.path).path.endswith(f"/{Proxy.refused}"):
                return self.send_error(403, "AccessDenied")
        connection = http.client.HTTPConnection(self.target)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        content = response.read()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "server", "date"):
                self.send_header(name, value)
        length = response.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", length or 0)
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = forward

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def proxy():
    Proxy.target = os.environ["AWS_ENDPOINT"].removeprefix("http://")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def check_locks(server, bucket, filings):
    permanent, limited, owned, held, free = (record["sha256"] for record in filings)
    mode, until, is_held = bucket.lock(permanent)
    years = (until - datetime.datetime.now(UTC)).days / 365
    check_equal((mode, is_held, 9.9 < years <= 10), ("GOVERNANCE", False, True), "a permanent filing: ten years")
    end = datetime.datetime(2033, 12, 31, 16, tzinfo=UTC)
    check_equal(bucket.lock(limited), ("GOVERNANCE", end, False), "ten years from the date of the filing")
    check_equal(bucket.lock(owned), ("COMPLIANCE", end, True), "the mode and the hold of the owner stay")
    check_equal(bucket.lock(held), (None, None, True), "a hold without a retention")
    check_equal(bucket.lock(free), (None, None, False), "a filing without either")
    check_equal(bucket.lock(filings[0]["source_sha256"])[0], "GOVERNANCE", "the source of a filing is locked too")
    for sha256 in (permanent, limited, owned, held):
        check_equal(bucket.delete(sha256), "AccessDenied", "the bucket refuses to delete")


def check_compliance(folder, bucket, limited):
    """A server with the stricter mode makes a longer lock of the owner stricter, and leaves its end."""
    until = datetime.datetime(2050, 1, 2, tzinfo=UTC)
    bucket.lock_for_longer(limited["sha256"], until)
    options = ["--store", f"s3://{BUCKET}", "--object-lock", "compliance"]
    with Server(folder, *options, name="compliance", log="info") as server:
        wait_until(lambda: mirrored(server), "the locks are made stricter", 60)
        server.check_log()
    check_equal(bucket.lock(limited["sha256"]), ("COMPLIANCE", until, False), "the end of the owner, with compliance")
    end = datetime.datetime(2033, 12, 31, 16, tzinfo=UTC)
    check_equal(bucket.lock(limited["source_sha256"])[:2], ("COMPLIANCE", end), "a lock of the server, with compliance")


def main():
    bucket = Bucket()
    with tempfile.TemporaryDirectory(prefix="hongtou-lock-") as folder, proxy() as endpoint:
        options = ["--store", f"s3://{BUCKET}", "--object-lock", "governance"]
        server = Server(Path(folder), *options, log="info", environment={"AWS_ENDPOINT": endpoint})
        with server:
            filings = [post(server, serial) for serial in range(901, 906)]
            for record, term in zip(filings, ["permanent", "10_years", "10_years"]):
                path = f"/v1/filings/{record['id']}/retention"
                send(server, "PUT", path, {"class": term, "basis": "保管期限表"})
            hold = {"matter": "审计", "basis": "审计通知", "filings": [filings[3]["id"]]}
            hold = send(server, "POST", "/v1/holds", hold, 201).json()
        bucket.lock_for_owner(filings[2]["sha256"])
        first = min(record[name] for record in filings[:3] for name in ("sha256", "source_sha256"))
        Proxy.refused = first[2:]
        server.log_path.write_text("")
        with server:
            words = "the bucket refused requests about locks"
            counts = wait_until(lambda: mirrored(server, words), "the locks are mirrored", 60)
            check("retained: 5, held: 2, released: 0, refused: 1" in counts, counts)
        print("ok  a refused object does not keep the others from being locked")
        Proxy.refused = None
        server.log_path.write_text("")
        with server:
            counts = wait_until(lambda: mirrored(server), "the rest is locked", 60)
            check("retained: 1, held: 0, released: 0, refused: 0" in counts, counts)
            check_locks(server, bucket, filings)
            send(server, "POST", f"/v1/holds/{hold['id']}/release", None, 204)
        server.log_path.write_text("")
        with server:
            counts = wait_until(lambda: mirrored(server), "the locks are mirrored again", 60)
            check("retained: 0, held: 0, released: 2, refused: 0" in counts, f"only the hold changes: {counts}")
            check_equal(bucket.lock(filings[3]["sha256"]), (None, None, False), "a released hold is removed")
            check_equal(bucket.lock(filings[2]["sha256"])[2], True, "the hold of the owner stays")
            server.check_log()
        print("ok  a second comparison changes only what changed")
        # 8 objects are asked about three times, 6 are retained, one after a refusal, 2 are held and released.
        check_equal(Proxy.n_signed, 35, "every request about a lock has the signature that botocore makes")
        check_compliance(Path(folder), bucket, filings[1])


if __name__ == "__main__":
    main()
