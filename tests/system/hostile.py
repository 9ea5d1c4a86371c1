#!/usr/bin/env python3
"""Ten thousand hostile requests: the server fails none, panics at none and keeps its memory level.

Mutated filings, deep nesting, huge numbers, lengths that lie, broken chunks, endless headers, paths
and methods of chance, and clients that are slow to ask, to post and to read. Each request follows
from the seed and its number, so that a fault can be had again: `tests/system/hostile.py SEED FIRST COUNT`.
"""

import copy
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
SEED, FIRST, COUNT = (int(word) for word in (sys.argv[1:] + ["1", "0", "10000"][len(sys.argv) - 1 :]))
CLIENTS = 8
SETTLED = 1000  # Requests after which memory is taken as level.
GROWTH = 1.2
SLOW_CLIENTS = 24  # Of each kind.
HEAD_DEADLINE, BODY_DEADLINE, GRACE = 20, 60, 10

VALID = [path.read_bytes() for path in sorted((ROOT / "fixtures/valid").glob("*.json"))]
FIXTURES = VALID + [path.read_bytes() for path in sorted((ROOT / "fixtures/invalid").glob("*.json"))]
PARSED = []
for text in FIXTURES:
    try:
        PARSED.append(json.loads(text))
    except ValueError:
        pass  # Some fixtures are no JSON.

# Values that no filing has, or that stand at the edge of what one may have.
ODD_VALUES = [
    None, True, False, 0, -1, 1, 999999, 10**6, -(2**63), 2**64, 0.1, 1e308, "", " ", "\u0000", "\ufeff",
    "\u202e反", "e\u0301" * 50, "\U0010ffff", "👨‍👩‍👧", "２０２１", "**", "**粗", "{total.self_score}",
    "{" * 99, "长" * 5000, "#include", "\\", "a" * 70000, "𠀀", [], {}, [[]], [None], {"": ""}, [{}] * 300,
]


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], path + (index,))


def mutate(chance, value):
    """A filing with a few things changed."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        path = chance.choice(list(places(value)))
        if not path:
            return chance.choice(ODD_VALUES)
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        last, act = path[-1], chance.randrange(6)
        if act == 0:
            del holder[last]
        elif act == 1 and isinstance(holder, list):
            holder.extend([copy.deepcopy(holder[last])] * chance.choice([1, 3, 40]))
        elif act == 2 and isinstance(holder, dict):
            holder[chance.choice(["x", "标题", "__proto__", "title ", "a" * 999])] = holder[last]
        elif act == 3 and isinstance(holder[last], str):
            at = chance.randrange(len(holder[last]) + 1)
            odd = chance.choice([odd for odd in ODD_VALUES if isinstance(odd, str)])
            holder[last] = holder[last][:at] + odd + holder[last][at:]
        else:
            holder[last] = copy.deepcopy(chance.choice(ODD_VALUES))
    return value


def mutated_json(chance):
    return json.dumps(mutate(chance, chance.choice(PARSED)), ensure_ascii=chance.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def mutated_bytes(chance):
    text = bytearray(chance.choice(FIXTURES))
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(text) + 1)
        act = chance.randrange(4)
        if act == 0 and at < len(text):
            text[at] = chance.randrange(256)
        elif act == 1:
            del text[at : at + chance.choice([1, 10, 1000])]
        elif act == 2:
            text[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice([1, 4, 64])))
        else:
            text = text[: at + 1]
    return bytes(text)


def nested(chance):
    depth = chance.choice([100, 127, 128, 129, 1000, 100000])
    opening, closing = chance.choice([("[", "]"), ('{"a":', "}"), ('{"document":[', "]}")])
    return (opening * depth + "1" + closing * depth * chance.choice([0, 1])).encode()


def huge_numbers(chance):
    number = chance.choice(
        ["9" * 50000, "-" + "9" * 400, "1e999999999", "1e-999999999", "0." + "0" * 50000 + "1", "-0", "1E400"]
    )
    text = chance.choice(FIXTURES).decode("utf-8", "replace")
    numbers = list(re.finditer(r'"?-?\b\d+(\.\d+)?\b"?', text))
    if not numbers:
        return number.encode()
    found = chance.choice(numbers)
    return (text[: found.start()] + number + text[found.end() :]).encode()


POSTS = [
    "/v1/filings", "/v1/filings", "/v1/checks", "/v1/checks", "/v1/checks", "/v1/previews",
    "/v1/previews?page=2&width=300", "/v1/previews?page=99", "/v1/previews?page=-1",
]


def head(method, path, *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode("utf-8", "surrogatepass")


def post(chance, body, *lines):
    lines = [*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close"]
    if chance.random() < 0.3:
        lines.append("Accept: application/json")
    return [head("POST", chance.choice(POSTS), *lines) + body]


def lying_length(chance):
    body = chance.choice(FIXTURES)
    length = chance.choice(
        [len(body) - 7, len(body) + 7, 0, -1, 2**63, 2**64, "1e3", "0x10", "", " ", "+5", f"{len(body)}, 1", "9" * 99]
    )
    lines = ["Content-Type: application/json", f"Content-Length: {length}", "Connection: close"]
    if chance.random() < 0.3:
        lines.append(chance.choice(["Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"]))
    # What is announced and not sent breaks off.
    return [head("POST", chance.choice(POSTS), *lines) + body, None]


def broken_chunks(chance):
    body = chance.choice(FIXTURES)
    chunks = chance.choice(
        [
            b"zz\r\n" + body, b"-1\r\n" + body, b"ffffffffffffffff\r\n" + body, b"5\r\nabcdefgh\r\n0\r\n\r\n",
            b"%x\r\n" % len(body) + body, b"5;" + b"x" * 100000 + b"\r\nabcde\r\n0\r\n\r\n", b"\r\n\r\n", b"5\nabcde\n0\n\n",
            b"1\r\n{\r\n" * 500, b"0\r\nX: " + b"y" * 200000 + b"\r\n\r\n", b"0" * 5000 + b"1\r\n{\r\n0\r\n\r\n",
        ]
    )
    lines = ["Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close"]
    return [head("POST", chance.choice(POSTS), *lines) + chunks, None]


def huge_headers(chance):
    lines = chance.choice(
        [
            ["X-Long: " + "y" * 100000], [f"X-{n}: 1" for n in range(500)], ["Cookie: " + "a=b; " * 5000],
            ["Accept: " + "text/html;q=0.1," * 3000], ["X-Request-Id: " + "界" * 300], ["Range: bytes=" + "0-1," * 5000],
            ["If-None-Match: " + '"x",' * 5000], ["Content-Type: application/json;" + "a=b;" * 3000], ["X\x01Y: 1"], [": 1"],
            ["Accept-Encoding: gzip;q=nan"], ["Authorization: Bearer " + "k" * 9000], ["Idempotency-Key: " + "k" * 9000],
            ["Expect: 100-continue"], ["Upgrade: h2c", "Connection: Upgrade"], ["Host: y"], ["Origin: null"],
        ]
    )
    method, path = chance.choice([("GET", "/healthz"), ("GET", "/openapi.json"), ("POST", "/v1/checks"), ("GET", "/v1/filings")])
    return [head(method, path, *lines, "Connection: close")]


PIECES = [
    "v1", "filings", "checks", "previews", "docs", "..", ".", "", "%00", "%2e%2e", "%ff", "%", "{id}", "*", "openapi.json",
    "signed", "pdf", "batches", "metrics", "文", "a" * 3000, "?page=1", "?" + "&" * 99, "?cursor=%F0%9F", "#x", ";x", "\\",
    "00000000-0000-7000-8000-000000000000", "?limit=99999999999999999999", "?title=" + "%E5%85%B3" * 500, "'--", "<script>",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X" * 50, "get", "GÉT", "PRI"]


def random_path(chance):
    path = "/" + "/".join(chance.choice(PIECES) for _ in range(chance.randrange(5)))
    version = chance.choice(["HTTP/1.1"] * 8 + ["HTTP/1.0", "HTTP/9.9", "HTTP/2.0", ""])
    line = f"{chance.choice(METHODS)} {path} {version}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return [line.encode("utf-8", "surrogatepass")]


def kept_filing(chance):
    """What is no signed copy, and odd wishes for the files of a filing that is kept."""
    address = "/v1/filings/" + KEPT["id"]
    if chance.random() < 0.3:
        body = chance.choice([b"", b"%PDF-", b"%PDF-1.7\n" * 9999, b"\0" * 2**20, VALID[0]])
        lines = [f"Content-Length: {len(body)}", "Connection: close"]
        lines.append("Content-Type: " + chance.choice(["application/pdf", "application/json", "a"]))
        # A signed copy that is kept closes the number: so only what is no PDF at all.
        if body.startswith(b"%PDF-"):
            lines[-1] = "Content-Type: text/plain"
        return [head("PUT", address + "/signed", *lines) + body]
    line = chance.choice(
        [
            "Range: bytes=" + chance.choice(["0-", "-5", "9-1", "99999999999999999999-", "-0", "x", "0-0,2-2", "5-2" * 999]),
            "If-None-Match: " + chance.choice(["*", '"', 'W/"x"', '"a",' * 999]),
            "If-Match: " + chance.choice(['"x"', "", "*,*", "界"]),
            "If-Range: " + chance.choice(['"x"', "Tue, 99 Feb 2021 00:00:00 GMT"]),
            "If-Modified-Since: " + chance.choice(["never", "Thu, 01 Jan 1970 00:00:00 GMT"]),
        ]
    )
    path = address + chance.choice(["", "/pdf", "/source", "/signed", "/", "/pdf/"])
    return [head(chance.choice(["GET", "HEAD"]), path, line, "Connection: close")]


KINDS = [
    (50, lambda chance: post(chance, mutated_json(chance))),
    (12, lambda chance: post(chance, mutated_bytes(chance))),
    (4, lambda chance: post(chance, nested(chance))),
    (6, lambda chance: post(chance, huge_numbers(chance))),
    (6, lying_length),
    (5, broken_chunks),
    (5, huge_headers),
    (8, random_path),
    (4, kept_filing),
]

KEPT = {}  # The filing that `kept_filing` asks for.


class Server:
    def __init__(self, folder):
        self.log = folder / "log.txt"
        self.process = subprocess.Popen(
            [TARGET / "release/hongtou", "serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data", folder / "data"],
            stdout=subprocess.PIPE, stderr=self.log.open("wb"), text=True,
        )
        said = self.process.stdout.readline()
        host, port = re.search(r"http://([0-9.]+):(\d+)", said).groups()
        self.address = (host, int(port))

    def resident(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def exchange(address, parts):
    """The status that a request is answered with; None where the server only closes."""
    with socket.create_connection(address, timeout=90) as stream:
        try:
            for part in parts:
                if part is None:
                    stream.shutdown(socket.SHUT_WR)
                else:
                    stream.sendall(part)
        except OSError:
            pass  # The server may hang up while it is being talked to.
        answer = b""
        try:
            while piece := stream.recv(65536):
                answer = answer or piece
        except OSError:
            pass
        found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
        return int(found[1]) if found else None


def hostile(server, number):
    chance = random.Random(f"{SEED}-{number}")
    # Among the first thousand, whole filings on every route and thread: memory is level once each
    # thread has made what it makes, and what the cache holds is bounded by itself.
    if number - FIRST < SETTLED // 2:
        return "whole", exchange(server.address, post(chance, VALID[number % len(VALID)]))
    weights, makers = zip(*KINDS)
    kind = chance.choices(range(len(makers)), weights)[0]
    try:
        return kind, exchange(server.address, makers[kind](chance))
    except TimeoutError:
        return kind, "unanswered"


def slow_head(server):
    """A head that never ends, and a connection that asks nothing."""
    waits = []
    for start in [b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b""]:
        with socket.create_connection(server.address, timeout=HEAD_DEADLINE + GRACE) as stream:
            begin = time.monotonic()
            stream.sendall(start)
            try:
                while stream.recv(4096):
                    pass
            except TimeoutError:
                return f"a connection without a request is open after {HEAD_DEADLINE + GRACE} s"
            except OSError:
                pass
            waits.append(time.monotonic() - begin)
    return None if max(waits) < HEAD_DEADLINE + GRACE else f"heads took {max(waits):.0f} s"


def slow_body(server):
    """A body that comes byte by byte."""
    lines = ["Content-Type: application/json", "Content-Length: 100000"]
    with socket.create_connection(server.address, timeout=1) as stream:
        stream.sendall(head("POST", "/v1/checks", *lines))
        begin = time.monotonic()
        while time.monotonic() - begin < BODY_DEADLINE + GRACE:
            try:
                stream.sendall(b" ")
                answer = stream.recv(4096)
                return None if b" 408 " in answer[:20] else f"a slow body was answered {answer[:40]!r}"
            except TimeoutError:
                continue
            except OSError as error:
                return f"a slow body ended with {error}"
    return f"a slow body is read after {BODY_DEADLINE + GRACE} s"


def slow_reader(server):
    """Who asks a lot and reads nothing must not keep others from being answered."""
    with socket.create_connection(server.address, timeout=5) as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            stream.sendall(head("GET", "/docs/swagger-ui-bundle.js") * 20)
        except OSError:
            pass
        time.sleep(HEAD_DEADLINE)
    return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            faults = attack(server)
        finally:
            server.process.terminate()
            server.process.wait()
        log = server.log.read_text(errors="replace")
        faults += [line for line in log.splitlines() if "ERROR" in line or "panicked" in line][:20]
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


def keep_one(server):
    body = (ROOT / "fixtures/valid/order-2023-12.json").read_bytes()
    lines = ["Content-Type: application/json", "Accept: application/json", "Connection: close"]
    with socket.create_connection(server.address, timeout=60) as stream:
        stream.sendall(head("POST", "/v1/filings", f"Content-Length: {len(body)}", *lines) + body)
        answer = b"".join(iter(lambda: stream.recv(65536), b""))
    KEPT["id"] = json.loads(answer.split(b"\r\n\r\n", 1)[1])["id"]


def attack(server):
    keep_one(server)
    faults, statuses, begin = [], {}, time.monotonic()
    slow = ThreadPoolExecutor(3 * SLOW_CLIENTS)
    waiting = [slow.submit(kind, server) for kind in (slow_head, slow_body, slow_reader) for _ in range(SLOW_CLIENTS)]
    settled = None
    with ThreadPoolExecutor(CLIENTS) as clients:
        for number, (kind, status) in enumerate(clients.map(lambda n: hostile(server, n), range(FIRST, FIRST + COUNT))):
            statuses[status] = statuses.get(status, 0) + 1
            if status == "unanswered" or (isinstance(status, int) and status >= 500 and status != 503):
                faults.append(f"request {FIRST + number} (kind {kind}) was answered {status}")
            if number + 1 == SETTLED:
                settled = server.resident()
    last = server.resident()
    took = time.monotonic() - begin
    faults += [fault for fault in (one.result() for one in waiting) if fault]
    if server.process.poll() is not None:
        faults.append(f"the server ended with {server.process.returncode}")
    elif exchange(server.address, [head("GET", "/readyz", "Connection: close")]) != 200:
        faults.append("the server is not ready afterwards")
    if settled and last > settled * GROWTH:
        faults.append(f"memory grew from {settled} to {last} KiB")
    known = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items(), key=str))
    print(f"{COUNT} requests in {took:.0f} s, slow clients in {time.monotonic() - begin:.0f} s; answers: {known}")
    print(f"memory: {settled} KiB after {SETTLED} requests, {last} KiB after all")
    return faults


main()
