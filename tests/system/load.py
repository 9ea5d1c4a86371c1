#!/usr/bin/env python3
"""Measures a server under load with wrk: requests per second and latency with 1, 2, 8 and 64 clients.

load.py [SECONDS] takes the seconds of each measurement. Ratios compare with one client and the same request.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

from support import tools
from support.checks import check
from support.client import JSON
from support.program import ROOT, valid_fixture
from support.server import temporary_server

CLIENTS = [1, 2, 8, 64]


@dataclass
class Request:
    name: str
    script: str
    path: str
    are_bodies_different: bool = False


@dataclass
class Figures:
    per_second: float
    p50: float
    p99: float
    failed: float


def measure(server, request, clients, seconds, first):
    """Runs wrk. Different bodies have document numbers from `first` on."""
    environment = {"ROUTE": request.path, "FRESH": str(int(request.are_bodies_different)), "FIRST": str(first)}
    command = ["wrk", "-t", min(clients, 2), "-c", clients, "-d", f"{seconds}s", "--timeout", "60s", "--latency"]
    command += ["-s", ROOT / "benches/load" / request.script, f"http://{server.address}{request.path}"]
    settings = {"env": os.environ | environment, "cwd": ROOT, "capture_output": True, "text": True}
    done = subprocess.run([str(word) for word in command], check=True, **settings)
    return Figures(*map(float, done.stderr.split()))


def row(request, clients, figures, one_client):
    cells = [request.name, clients]
    for field in ("per_second", "p50", "p99"):
        value = getattr(figures, field)
        cells += [f"{value:.1f}", f"{value / getattr(one_client, field):.2f}"]
    return f"| {' | '.join(map(str, cells))} | {figures.failed:.0f} |"


def stored_filing(server):
    headers = JSON | {"Accept": "application/json"}
    response = server.request("POST", "/v1/filings", valid_fixture("bazhong-2021-38").read_bytes(), headers)
    check(response.status == 201, response.text)
    return response.headers["Location"]


def main():
    seconds = sys.argv[1] if len(sys.argv) > 1 else "8"
    tools.debian("wrk")
    with temporary_server() as server:
        requests = [
            Request("post, different bodies", "filing.lua", "/v1/filings", are_bodies_different=True),
            Request("post, same body", "filing.lua", "/v1/filings"),
            Request("check", "filing.lua", "/v1/checks"),
            Request("preview", "filing.lua", "/v1/previews"),
            Request("read a record", "record.lua", stored_filing(server)),
        ]
        print("| request | clients | per second | ratio | p50 (ms) | ratio | p99 (ms) | ratio | failed |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
        first = 0
        for request in requests:
            one_client = None
            for clients in CLIENTS:
                first += 100_000
                figures = measure(server, request, clients, seconds, first)
                one_client = one_client or figures
                print(row(request, clients, figures, one_client), flush=True)
        server.check_log()


if __name__ == "__main__":
    main()
