#!/usr/bin/env python3
"""Sends hostile requests: none may fail the server or make it panic, and its memory stays constant.

Mutated filings, deep nesting, huge numbers, wrong lengths, broken chunks, endless headers, random paths
and methods, and clients that send or read slowly. The seed and the number of a request
determine it, so that a failure can be repeated: hostile.py SEED FIRST COUNT.
"""

import argparse
import collections
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import slow_clients
from hostile_requests import head, hostile_request, whole_request
from support.checks import check
from support.client import JSON
from support.program import valid_fixture
from support.server import temporary_server

CLIENTS = 8
SLOW_CLIENTS = 24  # Of each kind.
RESPONSE_DEADLINE = 90

# Memory is compared with that after the first thousand requests. The first half of them are accepted
# filings to every route, because threads allocate on first use and the cache fills up to its limit.
SETTLED = 1000
MOST_GROWTH = 1.2

UNANSWERED = "unanswered"


def exchange(address, parts):
    """The status of the response; None if the server only closes the connection.

    Raises TimeoutError if it does neither.
    """
    with socket.create_connection(address, timeout=RESPONSE_DEADLINE) as stream:
        send(stream, parts)
        response = b""
        try:
            while piece := stream.recv(65536):
                response = response or piece
        except TimeoutError:
            raise
        except OSError:
            pass
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", response)
    return int(found[1]) if found else None


def send(stream, parts):
    try:
        for part in parts:
            if part is None:
                stream.shutdown(socket.SHUT_WR)
            else:
                stream.sendall(part)
    except TimeoutError:
        raise
    except OSError:
        pass  # The server may close the connection before it has read everything.


class Attack:
    """Hostile requests to a server, and what went wrong."""

    def __init__(self, server, options):
        self.server, self.options = server, options
        host, port = server.address.split(":")
        self.address = (host, int(port))
        self.location = self.stored_filing()
        self.faults = []
        self.statuses = collections.Counter()
        self.settled_memory = None

    def stored_filing(self):
        """Files a document that requests can refer to. Returns its path."""
        body = valid_fixture("order-2023-12").read_bytes()
        response = self.server.request("POST", "/v1/filings", body, JSON | {"Accept": "application/json"})
        check(response.status == 201, response.text)
        return f"/v1/filings/{response.json()['id']}"

    def request(self, number):
        """Sends one request. Returns its kind and the status."""
        if number - self.options.first < SETTLED // 2:
            kind, parts = whole_request(self.options.seed, number)
        else:
            kind, parts = hostile_request(self.options.seed, number, self.location)
        try:
            return kind, exchange(self.address, parts)
        except TimeoutError:
            return kind, UNANSWERED

    def run(self):
        start = time.monotonic()
        with ThreadPoolExecutor(SLOW_CLIENTS * len(slow_clients.KINDS)) as slow:
            waiting = [slow.submit(kind, self.address) for kind in slow_clients.KINDS for _ in range(SLOW_CLIENTS)]
            self.send_all()
            took = time.monotonic() - start
            self.check_alive()
            self.check_memory()
            self.faults += [fault for fault in (client.result() for client in waiting) if fault]
        slow_took = time.monotonic() - start
        known = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items(), key=str))
        print(f"{self.options.count} requests in {took:.0f} s, slow clients in {slow_took:.0f} s; responses: {known}")
        self.check_ready()

    def send_all(self):
        first, count = self.options.first, self.options.count
        with ThreadPoolExecutor(CLIENTS) as clients:
            responses = clients.map(self.request, range(first, first + count))
            for number, (kind, status) in enumerate(responses, first):
                self.statuses[status] += 1
                if status == UNANSWERED or (status is not None and status >= 500 and status != 503):
                    self.faults.append(f"request {number} ({kind}) was answered with {status}")
                if number - first + 1 == SETTLED:
                    self.settled_memory = self.server.memory()

    def check_memory(self):
        if self.settled_memory is None:
            return  # There were too few requests.
        settled, last = self.settled_memory, self.server.memory()
        print(f"memory: {settled:.0f} MiB after {SETTLED} requests, {last:.0f} MiB after all")
        if last > settled * MOST_GROWTH:
            self.faults.append(f"memory grew from {settled:.0f} to {last:.0f} MiB")

    def check_alive(self):
        code = self.server.process.poll()
        check(code is None, f"the server exited with {code}")

    def check_ready(self):
        self.check_alive()
        if exchange(self.address, [head("GET", "/readyz", "Connection: close")]) != 200:
            self.faults.append("the server is not ready afterwards")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    return parser.parse_args()


def main():
    options = arguments()
    with temporary_server() as server:
        attack = Attack(server, options)
        attack.run()
        check(not attack.faults, "\n".join(attack.faults))
        server.stop()
        server.check_log()


if __name__ == "__main__":
    main()
