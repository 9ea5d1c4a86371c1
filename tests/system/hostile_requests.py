"""Hostile requests: the same seed and number make the same request.

A request is a list of byte strings to send. None means: close the sending side.
"""

import copy
import json
import random
import re

from support.program import ROOT
from support.server import LOCAL_TOKEN

TOKEN = f"Authorization: Bearer {LOCAL_TOKEN}"

VALID = [path.read_bytes() for path in sorted((ROOT / "fixtures/valid").glob("*.json"))]
FIXTURES = VALID + [path.read_bytes() for path in sorted((ROOT / "fixtures/invalid").glob("*.json"))]


def parsed_fixtures():
    parsed = []
    for text in FIXTURES:
        try:
            parsed.append(json.loads(text))
        except ValueError:
            pass  # Some invalid fixtures are not JSON.
    return parsed


PARSED = parsed_fixtures()

# Values that no filing has, and values at the limits of what is allowed.
ODD_VALUES = [
    None, True, False, 0, -1, 1, 999999, 10**6, -(2**63), 2**64, 0.1, 1e308, "", " ", "\u0000", "\ufeff",
    "\u202e反", "e\u0301" * 50, "\U0010ffff", "👨‍👩‍👧", "２０２１", "**", "**粗", "{total.self_score}",
    "{" * 99, "长" * 5000, "#include", "\\", "a" * 70000, "𠀀", [], {}, [[]], [None], {"": ""}, [{}] * 300,
]
ODD_TEXTS = [value for value in ODD_VALUES if isinstance(value, str)]
ODD_KEYS = ["x", "标题", "__proto__", "title ", "a" * 999]


def paths(value, path=()):
    """The path of every value in a JSON value."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from paths(value[key], path + (key,))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from paths(value[index], path + (index,))


def mutate(rng, value):
    """A JSON value with one to five changes."""
    value = copy.deepcopy(value)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        path = rng.choice(list(paths(value)))
        if not path:
            return rng.choice(ODD_VALUES)
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        mutate_entry(rng, holder, path[-1])
    return value


def mutate_entry(rng, holder, key):
    change = rng.randrange(6)
    if change == 0:
        del holder[key]
    elif change == 1 and isinstance(holder, list):
        holder.extend([copy.deepcopy(holder[key])] * rng.choice([1, 3, 40]))
    elif change == 2 and isinstance(holder, dict):
        holder[rng.choice(ODD_KEYS)] = holder[key]
    elif change == 3 and isinstance(holder[key], str):
        at = rng.randrange(len(holder[key]) + 1)
        holder[key] = holder[key][:at] + rng.choice(ODD_TEXTS) + holder[key][at:]
    else:
        holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))


def mutated_json(rng):
    text = json.dumps(mutate(rng, rng.choice(PARSED)), ensure_ascii=rng.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def mutated_bytes(rng):
    text = bytearray(rng.choice(FIXTURES))
    for _ in range(rng.choice([1, 3, 20])):
        at = rng.randrange(len(text) + 1)
        change = rng.randrange(4)
        if change == 0 and at < len(text):
            text[at] = rng.randrange(256)
        elif change == 1:
            del text[at : at + rng.choice([1, 10, 1000])]
        elif change == 2:
            text[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 4, 64])))
        else:
            text = text[: at + 1]
    return bytes(text)


def nested(rng):
    depth = rng.choice([100, 127, 128, 129, 1000, 100000])
    opening, closing = rng.choice([("[", "]"), ('{"a":', "}"), ('{"document":[', "]}")])
    return (opening * depth + "1" + closing * depth * rng.choice([0, 1])).encode()


HUGE_NUMBERS = [
    "9" * 50000, "-" + "9" * 400, "1e999999999", "1e-999999999", "0." + "0" * 50000 + "1", "-0", "1E400",
]


def huge_number(rng):
    number = rng.choice(HUGE_NUMBERS)
    text = rng.choice(FIXTURES).decode("utf-8", "replace")
    numbers = list(re.finditer(r'"?-?\b\d+(\.\d+)?\b"?', text))
    if not numbers:
        return number.encode()
    found = rng.choice(numbers)
    return (text[: found.start()] + number + text[found.end() :]).encode()


POSTS = [
    "/v1/filings", "/v1/filings", "/v1/checks", "/v1/checks", "/v1/checks", "/v1/previews",
    "/v1/previews?page=2&width=300", "/v1/previews?page=99", "/v1/previews?page=-1", "/v1/drafts",
]


def head(method, path, *lines):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", TOKEN, *lines, "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def post(rng, body, *lines):
    lines = [*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close"]
    if rng.random() < 0.3:
        lines.append("Accept: application/json")
    return [head("POST", rng.choice(POSTS), *lines) + body]


def wrong_length(rng):
    body = rng.choice(FIXTURES)
    odd = [2**63, 2**64, "1e3", "0x10", "", " ", "+5", f"{len(body)}, 1", "9" * 99]
    length = rng.choice([len(body) - 7, len(body) + 7, 0, -1, *odd])
    lines = ["Content-Type: application/json", f"Content-Length: {length}", "Connection: close"]
    if rng.random() < 0.3:
        lines.append(rng.choice(["Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"]))
    # The connection ends if more is announced than sent.
    return [head("POST", rng.choice(POSTS), *lines) + body, None]


def broken_chunks(rng):
    body = rng.choice(FIXTURES)
    chunks = rng.choice([
        b"zz\r\n" + body, b"-1\r\n" + body, b"ffffffffffffffff\r\n" + body, b"5\r\nabcdefgh\r\n0\r\n\r\n",
        b"%x\r\n" % len(body) + body, b"5;" + b"x" * 100000 + b"\r\nabcde\r\n0\r\n\r\n", b"\r\n\r\n",
        b"5\nabcde\n0\n\n", b"1\r\n{\r\n" * 500, b"0\r\nX: " + b"y" * 200000 + b"\r\n\r\n",
        b"0" * 5000 + b"1\r\n{\r\n0\r\n\r\n",
    ])
    lines = ["Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close"]
    return [head("POST", rng.choice(POSTS), *lines) + chunks, None]


ODD_HEADERS = [
    ["X-Long: " + "y" * 100000], [f"X-{n}: 1" for n in range(500)], ["Cookie: " + "a=b; " * 5000],
    ["Accept: " + "text/html;q=0.1," * 3000], ["X-Request-Id: " + "界" * 300], ["Range: bytes=" + "0-1," * 5000],
    ["If-None-Match: " + '"x",' * 5000], ["Content-Type: application/json;" + "a=b;" * 3000], ["X\x01Y: 1"], [": 1"],
    ["Accept-Encoding: gzip;q=nan"], ["Authorization: Bearer " + "k" * 9000], ["Idempotency-Key: " + "k" * 9000],
    ["Expect: 100-continue"], ["Upgrade: h2c", "Connection: Upgrade"], ["Host: y"], ["Origin: null"],
]


def odd_headers(rng):
    lines = rng.choice(ODD_HEADERS)
    targets = [("GET", "/healthz"), ("GET", "/openapi.json"), ("POST", "/v1/checks"), ("GET", "/v1/filings")]
    method, path = rng.choice(targets)
    return [head(method, path, *lines, "Connection: close")]


SEGMENTS = [
    "v1", "filings", "checks", "previews", "docs", "..", ".", "", "%00", "%2e%2e", "%ff", "%", "{id}", "*", "openapi.json",
    "signed", "pdf", "batches", "metrics", "文", "a" * 3000, "?page=1", "?" + "&" * 99, "?cursor=%F0%9F", "#x", ";x", "\\",
    "00000000-0000-7000-8000-000000000000", "?limit=99999999999999999999", "?title=" + "%E5%85%B3" * 500, "'--", "<script>",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X" * 50, "get", "GÉT", "PRI"]


def random_path(rng):
    path = "/" + "/".join(rng.choice(SEGMENTS) for _ in range(rng.randrange(5)))
    version = rng.choice(["HTTP/1.1"] * 8 + ["HTTP/1.0", "HTTP/9.9", "HTTP/2.0", ""])
    line = f"{rng.choice(METHODS)} {path} {version}\r\nHost: localhost\r\n{TOKEN}\r\nConnection: close\r\n\r\n"
    return [line.encode("utf-8", "surrogatepass")]


def stored_filing(rng, location):
    """Bodies that are not signed copies, and odd conditions on the files of a stored filing."""
    if rng.random() < 0.3:
        body = rng.choice([b"", b"%PDF-", b"%PDF-1.7\n" * 9999, b"\0" * 2**20, VALID[0]])
        lines = [f"Content-Length: {len(body)}", "Connection: close"]
        lines.append("Content-Type: " + rng.choice(["application/pdf", "application/json", "a"]))
        # A stored signed copy closes the document number, so a body that may be a PDF is not sent as one.
        if body.startswith(b"%PDF-"):
            lines[-1] = "Content-Type: text/plain"
        return [head("PUT", location + "/signed", *lines) + body]
    ranges = ["0-", "-5", "9-1", "99999999999999999999-", "-0", "x", "0-0,2-2", "5-2" * 999]
    line = rng.choice([
        "Range: bytes=" + rng.choice(ranges),
        "If-None-Match: " + rng.choice(["*", '"', 'W/"x"', '"a",' * 999]),
        "If-Match: " + rng.choice(['"x"', "", "*,*", "界"]),
        "If-Range: " + rng.choice(['"x"', "Tue, 99 Feb 2021 00:00:00 GMT"]),
        "If-Modified-Since: " + rng.choice(["never", "Thu, 01 Jan 1970 00:00:00 GMT"]),
    ])
    path = location + rng.choice(["", "/pdf", "/source", "/signed", "/", "/pdf/"])
    return [head(rng.choice(["GET", "HEAD"]), path, line, "Connection: close")]


# The weight, the name and the maker of each kind. A maker takes the generator and a stored filing's path.
KINDS = [
    (50, "mutated JSON", lambda rng, _: post(rng, mutated_json(rng))),
    (12, "mutated bytes", lambda rng, _: post(rng, mutated_bytes(rng))),
    (4, "deep nesting", lambda rng, _: post(rng, nested(rng))),
    (6, "huge number", lambda rng, _: post(rng, huge_number(rng))),
    (6, "wrong length", lambda rng, _: wrong_length(rng)),
    (5, "broken chunks", lambda rng, _: broken_chunks(rng)),
    (5, "odd headers", lambda rng, _: odd_headers(rng)),
    (8, "random path", lambda rng, _: random_path(rng)),
    (4, "stored filing", stored_filing),
]


def generator(seed, number):
    return random.Random(f"{seed}-{number}")


def hostile_request(seed, number, location):
    """The name of the kind and the parts of a request."""
    rng = generator(seed, number)
    weights = [weight for weight, _, _ in KINDS]
    _, name, maker = rng.choices(KINDS, weights)[0]
    return name, maker(rng, location)


def whole_request(seed, number):
    """An accepted filing, posted to any route that takes one."""
    return "accepted filing", post(generator(seed, number), VALID[number % len(VALID)])
