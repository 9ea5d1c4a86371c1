#!/usr/bin/env python3
"""Kills servers while they number entries, write tiles and sign checkpoints.

One server uses SQLite and a folder. With --two-servers, two servers share the PostgreSQL and the bucket of
`.ci/services`. Clients post filings all the time. At the end every acknowledged filing has a receipt that
a second implementation verifies, the log has no gap, and it is a continuation of every checkpoint seen.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from support import receipts
from support.checks import check, wait_until
from support.client import JSON
from support.program import HONGTOU, valid_fixture
from support.server import Server

LETTER = json.loads(valid_fixture("letter-2023-46").read_text())
CLIENTS = 3


class Client(threading.Thread):
    """Posts filings to any of the servers and keeps what was acknowledged."""

    def __init__(self, servers, number):
        super().__init__(daemon=True)
        self.servers, self.number, self.random = servers, number, random.Random(number)
        self.filed, self.checkpoints = {}, {}
        self.is_ending, self.error = False, None

    def run(self):
        serial = 0
        try:
            while not self.is_ending:
                serial += 1
                self.post(self.random.choice(self.servers), serial)
        except BaseException as error:
            self.error = error

    def post(self, server, serial):
        body = json.loads(json.dumps(LETTER))
        number = {"agency_code": "客户" + "甲乙丙"[self.number], "year": 2023, "serial": serial}
        body["document"]["document_number"] = number
        try:
            response = server.request("POST", "/v1/filings", json.dumps(body, ensure_ascii=False).encode(), JSON)
            if response.status == 201:
                self.filed[response.headers["Location"]] = response.content
            checkpoint = server.request("GET", "/log/checkpoint")
            if checkpoint.status == 200:
                _, size, root = checkpoint.text.splitlines()[:3]
                same = self.checkpoints.setdefault(int(size), root)
                check(same == root, f"two roots for {size}")
        except (OSError, http.client.HTTPException):
            # The server was killed.
            time.sleep(0.05)


def verified_receipts(server, clients, vkey):
    """The numbers of the entries of all acknowledged filings."""
    numbers = []
    for client in clients:
        for path, pdf in client.filed.items():

            def ready(path=path):
                response = server.request("GET", path + "/receipt")
                return response.status == 200 and response.text

            text = wait_until(ready, f"{path} has a receipt", 120, pause=0.2)
            # One signature in twenty is verified with OpenSSL, which takes longer than the rest.
            _, index, _ = receipts.verify(text, pdf, [vkey] if len(numbers) % 20 == 0 else [])
            numbers.append(index)
    check(len(numbers) == len(set(numbers)), "two filings have one entry")
    return numbers


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--two-servers", action="store_true", help="on the services of .ci/services")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options, started = parser.parse_args(), time.monotonic()
    shared = []
    if options.two_servers:
        shared = ["--database", os.environ["HONGTOU_TEST_DATABASE"], "--store", os.environ["HONGTOU_TEST_STORE"]]
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="hongtou-log-kills-") as folder, ExitStack() as stack:
        names = ["server-1", "server-2"] if options.two_servers else ["server"]
        settings = ["--log-origin", "archive.example/hongtou/1", "--log-interval", "0", *shared]
        servers = [Server(folder, *settings, name=name, log="error") for name in names]
        for server in servers:
            stack.enter_context(server)
        clients = [Client(servers, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(options.kills):
            time.sleep(rng.uniform(0.02, 1.2))
            victim = rng.choice(servers)
            victim.kill()
            victim.start()
        for client in clients:
            client.is_ending = True
        for client in clients:
            client.join()
            if client.error:
                raise client.error
        verify = [HONGTOU, "archive", "verify-log", "--json", "--data", Path(folder) / "data", *shared]
        report = json.loads(subprocess.run(list(map(str, verify)), capture_output=True, check=True).stdout)
        numbers = verified_receipts(servers[0], clients, report["key"])
        report = json.loads(subprocess.run(list(map(str, verify)), capture_output=True, check=True).stdout)
        check(report["faults"] == [], report["faults"])
        check(not numbers or max(numbers) < report["entries"], "an entry is outside the log")
        check_roots(servers[0], clients)
        for server in servers:
            server.stop()
            server.check_log()
    took = time.monotonic() - started
    print(f"{options.kills} kills, {len(numbers)} filings, {report['entries']} entries, {took:.0f} s")


def check_roots(server, clients):
    """Every checkpoint that was ever seen is one of this log: a fork would have another root."""
    roots = {}
    for client in clients:
        for size, root in client.checkpoints.items():
            check(roots.setdefault(size, root) == root, f"two roots for {size}")
    entries = leaves(server)
    hashes = []
    for size in range(1, len(entries) + 1):
        # The roots of perfect subtrees, from the left.
        hashes.append((entries[size - 1], 1))
        while len(hashes) > 1 and hashes[-1][1] == hashes[-2][1]:
            (right, count), (left, _) = hashes.pop(), hashes.pop()
            hashes.append((receipts.node(left, right), 2 * count))
        if size in roots:
            root = hashes[-1][0]
            for left, _ in reversed(hashes[:-1]):
                root = receipts.node(left, root)
            check(receipts.base64.b64encode(root).decode() == roots[size], f"the log has another root at {size}")
    check(len(roots) > 0, "no checkpoint was seen")


def leaves(server):
    """All leaf hashes of the published log, from its tiles."""
    size = int(server.request("GET", "/log/checkpoint").text.splitlines()[1])
    found = []
    for first in range(0, size, 256):
        index, width = first // 256, min(256, size - first)
        path = f"/log/tile/0/{index:03d}" + ("" if width == 256 else f".p/{width}")
        tile = server.request("GET", path)
        check(tile.status == 200 and len(tile.content) == 32 * width, path)
        found += [tile.content[at : at + 32] for at in range(0, len(tile.content), 32)]
    return found


if __name__ == "__main__":
    main()
