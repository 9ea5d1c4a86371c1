#!/usr/bin/env python3
"""Attacks a server with the keys of honest clients: its memory stays bounded, and others are served.

Each attack takes what a caller may ask for, and more: JSON of a million values, bodies and heads that never
end, heavy filings, searches over many titles, wrong sign-ins. Meanwhile a client with another key must be
answered soon.
"""

import contextlib
import json
import multiprocessing
import random
import re
import socket
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from support.checks import check
from support.client import JSON, NDJSON
from support.program import valid_fixture
from support.server import Server, temporary_server

CLIENTS = 60
SECONDS = 20
MOST_MEMORY = 1500  # MiB, of the whole process.
MOST_MEMORY_OF_ONE = 300  # MiB more than before, for one request.
SOON = 10  # Seconds in which an honest client is answered during an attack,
SOON_UNDER_LOAD = 10  # and while all cores render.
SOON_ALONE = 0.25  # Seconds in which a list without an attack is answered.
SLOW_CONNECTIONS = 1100
TITLES = 200_000
SEARCHES = 40
WRONG_SIGN_INS = 400
QUOTA = 8  # MiB that a key may store.
PDF = {"Content-Type": "application/pdf"}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def letter():
    return json.loads(valid_fixture("letter-2023-46").read_bytes())


def with_items(item, size):
    """A letter whose body is filled with an item, up to a number of bytes."""
    filing = letter()
    filing["body"] = "@"
    start, end = json.dumps(filing, ensure_ascii=False).split('"@"')
    count = (size - len(start.encode()) - len(end.encode()) - 2) // (len(item) + 1)
    return f"{start}[{','.join([item] * count)}]{end}".encode()


def heavy_filing(serial):
    """A filing that the rules accept, with nearly the most text, table cells or foreign letters that they accept."""
    filing = letter()
    filing["document"]["document_number"]["serial"] = serial
    text = "各级各部门应当认真贯彻落实相关工作要求" * 500
    foreign = "Ω≥" * 4900
    rows = [["实"] * 5 for _ in range(1900)]
    table = {"table": {"columns": [{"width": 1}] * 5, "head": [["工作"] * 5], "rows": rows}}
    filing["body"] = [[table], [text] * 30, [foreign] * 5][serial % 3]
    return json.dumps(filing, ensure_ascii=False).encode()


def heaviest_filings():
    """The filings that take the most memory of those that `just slowest` finds, each with its name."""
    cell = {"text": "绩效评价"}
    rows = [([{**cell, "row_span": 10}] if row % 10 == 0 else []) + [cell] * 11 for row in range(800)]
    wide = {"table": {"columns": [{"width": 1}] * 12, "head": [["工作"] * 12], "rows": rows}}
    table = {
        "project_name": "项目", "department": "局", "implementing_unit": "站",
        "funds": [{"name": "总额", "initial_budget": "10", "budget": "10", "executed": "10"}],
        "execution": {"max_points": "10", "self_score": "10"},
        "goal": {"expected": "甲", "actual": "乙"},
        "indicators": [{
            "first_level": "产出指标", "second_level": "数量指标", "title": "数量", "target": "一", "actual": "一",
            "max_points": "1", "self_score": "1",
        }] * 4,
        "total": {"max_points": "14", "self_score": "14"},
    }
    cover = [["部门名称", "某局"]] * 10
    projects = [
        {"title": f"第{number}个项目支出绩效自评表", "cover": cover, "project_table": table} for number in range(1, 117)
    ]

    def paragraphs(text, count):
        """Equal ones would be laid out once."""
        return [chr(0x4E00 + number) + text for number in range(count)]

    texts = {
        "full-width marks": paragraphs("／" * 9_200, 8),
        "letters and points": paragraphs("www." * 2_300, 8),
        "letters of two fonts": paragraphs("甲丂乙丒" * 2_400, 30),
        "a wide table with cells over rows": [wide],
        "attachments with covers and tables": ["见附件。"],
    }
    for name, body in texts.items():
        filing = letter() | {"body": body}
        if name.startswith("attachments"):
            filing["document"]["attachments"] = projects
        yield name, json.dumps(filing, ensure_ascii=False).encode()


BODY_LIMIT = 8 << 20
MANY_VALUES = [with_items(item, BODY_LIMIT) for item in ['{"":0}', "0", "[]", '""', '{"a":{"b":0}}']]
NESTED = b"[" * 4_000_000 + b"]" * 4_000_000


class Honest:
    """A client with a key of its own that posts and reads during an attack."""

    def __init__(self, server, key):
        self.server, self.headers = server, bearer(key)
        self.serial = 1000
        self.slowest = 0

    def visit(self):
        begin = time.monotonic()
        self.serial += 1
        filing = letter()
        filing["document"]["document_number"]["serial"] = self.serial
        for method, path, body in [
            ("POST", "/v1/filings", json.dumps(filing).encode()),
            ("POST", "/v1/checks", json.dumps(filing).encode()),
            ("GET", "/v1/filings?title=" + quote("低收入"), None),
        ]:
            response = self.server.request(method, path, body, JSON | self.headers)
            check(response.status in (200, 201), f"{method} {path}: {response.status} {response.text}")
        self.slowest = max(self.slowest, time.monotonic() - begin)

    def visit_during(self, attack, seconds=SECONDS):
        """Runs an attack in threads of another process, which leaves this one its time, and visits until it ends."""
        self.slowest = 0
        attackers = multiprocessing.get_context("fork").Process(target=run_attack, args=(attack, seconds))
        attackers.start()
        while attackers.is_alive():
            self.visit()
            time.sleep(0.2)
        attackers.join()
        check(attackers.exitcode == 0, "the attackers failed")
        return self.slowest


def run_attack(attack, seconds):
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as clients:
        for client in [clients.submit(attack, number, deadline) for number in range(CLIENTS)]:
            client.result()


def refused(server, headers):
    """Each body of too many values is refused, and takes little memory."""
    for body in [*MANY_VALUES, NESTED]:
        for path in ["/v1/filings", "/v1/checks", "/v1/previews", "/v1/drafts"]:
            response = server.request("POST", path, body, JSON | headers)
            check(response.status == 413, f"{path}: {response.status}")
            check("too-complex" in response.text, response.text)
    before, peak = server.memory(), server.memory("VmHWM")
    check(peak - before < MOST_MEMORY_OF_ONE, f"one request took {peak - before:.0f} MiB")


def alone(server, headers, serial):
    """A heavy request alone."""
    before = server.memory()
    response = server.request("POST", "/v1/filings", heavy_filing(serial), JSON | headers)
    check(response.status == 201, f"{response.status} {response.text[:300]}")
    took = server.memory("VmHWM") - before
    check(took < MOST_MEMORY_OF_ONE, f"one request took {took:.0f} MiB")
    return took


def heavy_pdf(item, count):
    """A small PDF of many values, with updates, so that revisions are compared."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, b"[%s]" % (item * count)]
    file, table = b"%PDF-1.7\n", b"xref\n0 5\n0000000000 65535 f \n"
    for number, value in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    entries = b"<</Size 5/Root 1 0 R"
    for _ in range(5):
        start = len(file)
        file += b"%strailer\n%s>>\nstartxref\n%d\n%%%%EOF\n" % (table, entries, start)
        table, entries = b"xref\n0 1\n0000000000 65535 f \n", b"<</Size 5/Root 1 0 R/Prev %d" % start
    return file


def verified(server, headers):
    """The verification of PDFs that take the most memory."""
    took = 0
    few = b"[%s]" % (b"0 " * 17)
    four = b"<</A 0/B 0/C 0/D 0>>"
    heaviest = [(b"0 ", 820_000), (b"(x)", 730_000), (b"[0]", 167_000), (few, 25_200), (b"<</A 0>>", 147_000), (four, 67_000)]
    for item, count in heaviest:
        before = server.memory()
        response = server.request("POST", "/v1/verifications", heavy_pdf(item, count), PDF | headers)
        check(response.status == 200, f"{item}: {response.status} {response.text[:300]}")
        took = max(took, server.memory("VmHWM") - before)
    check(took < MOST_MEMORY_OF_ONE, f"one verification took {took:.0f} MiB")
    return took


def revised(pdf):
    """A PDF with an incremental update that changes nothing, as large as one that a signing tool would read."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    trailer = pdf[pdf.rindex(b"trailer") :]
    size = re.search(rb"/Size\s+(\d+)", trailer)[1]
    kept = [re.search(rb"/%s\s*(\d+ 0 R|\[[^\]]*\])" % key, trailer) for key in (b"Root", b"Info", b"ID")]
    entries = b"".join(found[0] for found in kept if found)
    end = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %s%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return pdf + b"\n" + end % (size, entries, start, len(pdf) + 1)


def heaviest_alone(name, filing):
    """What each request about a heavy filing takes of a fresh server. Returns MiB by request."""
    took = {}
    with temporary_server() as server:

        def send(what, method, path, body=None, headers=JSON, status=200):
            before = server.restart_peak()
            response = server.request(method, path, body, headers)
            check(response.status == status, f"{name}: {what}: {response.status} {response.text[:300]}")
            took[what] = server.memory("VmHWM") - before
            return response

        send("check", "POST", "/v1/checks", filing)
        posted = send("filing", "POST", "/v1/filings", filing, JSON | {"Accept": "application/json"}, 201).json()
        send("preview", "POST", "/v1/previews", filing)
        path = f"/v1/filings/{posted['id']}"
        send("Word copy", "GET", f"{path}/word")
        pdf = server.request("GET", f"{path}/pdf").content
        server.check_log()
        report = send("verification", "POST", "/v1/verifications", revised(pdf), PDF).json()
        check(report["derivation"]["kind"] == "identical_unsigned", f"{name}: {report['derivation']}")
    for what, memory in took.items():
        check(memory < MOST_MEMORY_OF_ONE, f"{name}: {what} took {memory:.0f} MiB")
    return took


def hostile_clients(server, headers):
    """Returns the attack of one of many clients, which send all kinds of heavy bodies to every door."""
    batch = b"\n".join([MANY_VALUES[0], heavy_filing(3), MANY_VALUES[1]]) + b"\n"

    def attack(number, deadline):
        rng = random.Random(number)
        while time.monotonic() < deadline:
            kind = rng.randrange(6)
            path = rng.choice(["/v1/filings", "/v1/checks", "/v1/previews"])
            with contextlib.suppress(OSError):
                if kind < 3:
                    server.request("POST", path, rng.choice(MANY_VALUES), JSON | headers)
                elif kind < 5:
                    server.request("POST", path, heavy_filing(rng.randrange(10, 900)), JSON | headers)
                else:
                    server.request("POST", "/v1/batches", batch, NDJSON | headers)

    return attack


def slow_bodies(server, headers):
    """Returns an attack by bodies that arrive almost whole and then stop."""
    host, port = server.address.split(":")
    body = b'{"document": "' + b"x" * (BODY_LIMIT - 100)

    def attack(_, deadline):
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1) as stream:
                lines = ["POST /v1/checks HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                lines += [f"Content-Length: {BODY_LIMIT}", "", ""]
                stream.sendall("\r\n".join(lines).encode() + body)
                while time.monotonic() < deadline and stream.recv(1000):
                    pass

    return attack


def slow_connections(server, honest):
    """More connections than the server has, which never send a whole head."""
    host, port = server.address.split(":")
    streams = []
    try:
        for _ in range(SLOW_CONNECTIONS):
            stream = socket.create_connection((host, int(port)), timeout=5)
            stream.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
            streams.append(stream)
        begin = time.monotonic()
        honest.visit()
        took = time.monotonic() - begin
        check(took < SOON, f"slow connections delayed an honest client by {took:.1f} s")
        return took
    finally:
        for stream in streams:
            stream.close()


def add_titles(server):
    """Records many filings without files, as an old archive has them."""
    database = sqlite3.connect(server.data / "hongtou.sqlite")
    words = ["关于", "做好", "开展", "加强", "推进", "困难", "群众", "救助", "资金", "绩效", "评价", "工作", "项目", "管理", "养老", "服务"]
    rng = random.Random(1)
    start = database.execute("SELECT COALESCE(MAX(seq), 0) FROM filings").fetchone()[0]
    columns = [row[1] for row in database.execute("PRAGMA table_info(filings)")]
    with database:
        for seq in range(start + 1, start + TITLES + 1):
            title = "关于" + "".join(rng.choices(words, k=8)) + "的通知"
            values = dict.fromkeys(columns, 1) | {
                "id": f"00000000-0000-7000-8000-{seq:012}", "seq": seq, "title": title, "serial": seq,
                "lead_issuer": "甲", "document_number": f"甲〔2020〕{seq}号", "document_date": "2020-01-01",
                "warnings": "[]", "source_sha256": f"{seq:064}", "pdf_sha256": f"{seq:064}",
                "agency_code": "甲", "template_version": "0", "posted_by": "",
            }
            marks = ",".join("?" * len(columns))
            database.execute(f"INSERT INTO filings VALUES ({marks})", [values[name] for name in columns])
            issuer = (values["id"], 0, "甲", 1, seq)
            insert = "INSERT INTO filing_issuers (filing_id, position, issuer, confirmed, seq) VALUES (?, ?, ?, ?, ?)"
            database.execute(insert, issuer)
            grams = {title[at : at + 2] for at in range(len(title))}
            database.executemany("INSERT INTO title_grams (gram, seq) VALUES (?, ?)", [(gram, seq) for gram in grams])
    database.close()


def searches(server, reader, honest):
    """Many searches by one key over many titles, most of which find nothing."""
    texts = ["救助通知", "绩效资金评价", "不存在的标题", "关于关于关于", "通", "的通知的", "工作工作工作工作工作"]
    slow = []

    def attack(number):
        for turn in range(6):
            text = texts[(number + turn) % len(texts)]
            begin = time.monotonic()
            server.request("GET", f"/v1/filings?title={quote(text)}", None, bearer(reader))
            slow.append(time.monotonic() - begin)

    with ThreadPoolExecutor(SEARCHES) as clients:
        running = [clients.submit(attack, number) for number in range(SEARCHES)]
        honest.slowest = 0
        while not all(client.done() for client in running):
            honest.visit()
            ready = server.request("GET", "/readyz")
            check(ready.status == 200, f"readiness during searches: {ready.status} {ready.text}")
        for client in running:
            client.result()
    check(honest.slowest < SOON, f"an honest client waited for {honest.slowest:.1f} s")
    return max(slow), honest.slowest


def lists_of_a_stranger(server, key):
    """The filings of others do not slow the lists of an agency that has one filing. Returns milliseconds."""
    filing = json.dumps(letter()).encode()
    posted = server.request("POST", "/v1/filings", filing, JSON | bearer(key))
    check(posted.status == 201, f"{posted.status} {posted.text}")
    slowest = 0
    for path in ["/v1/filings", "/v1/filings?title=" + quote("通知"), "/v1/feed", "/v1/confirmations", "/v1/batches"]:
        took = []
        for _ in range(5):
            begin = time.monotonic()
            response = server.request("GET", path, None, bearer(key))
            took.append(time.monotonic() - begin)
            check(response.status == 200, f"{path}: {response.status}")
        check(min(took) < SOON_ALONE, f"{path} takes {min(took):.3f} s with {TITLES} filings of others")
        slowest = max(slowest, min(took))
    return slowest * 1000


def bytes_in(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def beyond_the_quota(folder):
    """A key that has used up its quota stores nothing more. Returns the bytes of its objects."""
    with Server(folder, "--key-filings", "3", "--key-space", str(QUOTA)) as server:
        key = bearer(server.add_key("丁", "submit,read"))
        statuses = []
        for serial in range(1, 11):
            filing = letter()
            filing["document"]["document_number"]["serial"] = serial
            statuses.append(server.request("POST", "/v1/filings", json.dumps(filing).encode(), JSON | key).status)
        check(statuses == [201] * 3 + [403] * 7, f"filings beyond the quota: {statuses}")
        objects = server.data / "objects"
        lines = b"\n".join([b"1" * (1 << 20)] * 2 * QUOTA)
        for _ in range(5):
            response = server.request("POST", "/v1/batches", lines, NDJSON | key)
            check(response.status == 403 and "quota-used" in response.text, f"{response.status} {response.text}")
        took = bytes_in(objects)
        check(took < (QUOTA + 2) << 20, f"a key with {QUOTA} MiB has stored {took >> 20} MiB")
        server.check_log()
    return took


def wrong_sign_ins(server, good):
    for _ in range(WRONG_SIGN_INS):
        server.request("POST", "/auth/key", None, bearer("ht_x_y"))
    response = server.request("POST", "/auth/key", None, bearer(good))
    check(response.status == 200, f"a good key after wrong sign-ins: {response.status}")


def main():
    with tempfile.TemporaryDirectory(prefix="hongtou-") as folder:
        server = Server(folder)
        with server:
            server.stop()
        add_titles(server)
        with server:
            attacker, reader = server.add_key("甲", "submit"), server.add_key("乙", "read")
            good = server.add_key("丙", "submit,read")
            honest = Honest(server, good)
            honest.visit()
            refused(server, bearer(attacker))
            print(f"bodies of a million values are refused, peak memory {server.memory('VmHWM'):.0f} MiB")
            for serial in [3, 1, 2]:
                print(f"a heavy filing alone takes {alone(server, bearer(attacker), serial):.0f} MiB")
            print(f"the verification of a PDF of many values takes {verified(server, bearer(reader)):.0f} MiB")
            for name, filing in heaviest_filings():
                took = ", ".join(f"{what} {memory:.0f}" for what, memory in heaviest_alone(name, filing).items())
                print(f"{name}, in MiB: {took}")
            stranger = server.add_key("戊", "submit,read", "四川省民政厅")
            took = lists_of_a_stranger(server, stranger)
            print(f"a list of an agency with one filing, beside {TITLES} of others: {took:.0f} ms")
            slowest, waited = searches(server, reader, honest)
            print(f"{SEARCHES} searchers over {TITLES} titles: slowest {slowest:.1f} s; another key waits {waited:.1f} s")
            print(f"{SLOW_CONNECTIONS} slow connections: another client waits {slow_connections(server, honest):.1f} s")
            wrong_sign_ins(server, good)
            waited = honest.visit_during(slow_bodies(server, bearer(attacker)))
            print(f"{CLIENTS} slow bodies: another key waits {waited:.1f} s")
            check(waited < SOON, f"an honest client waited for {waited:.1f} s")
            waited = honest.visit_during(hostile_clients(server, bearer(attacker)))
            peak = server.memory("VmHWM")
            print(f"{CLIENTS} hostile clients: another key waits {waited:.1f} s, peak memory {peak:.0f} MiB")
            check(waited < SOON_UNDER_LOAD, f"an honest client waited for {waited:.1f} s")
            check(peak < MOST_MEMORY, f"the server took {peak:.0f} MiB")
            check(server.request("GET", "/readyz").status == 200, "the server is not ready afterwards")
            server.check_log()
    with tempfile.TemporaryDirectory(prefix="hongtou-") as folder:
        print(f"a key with {QUOTA} MiB has stored {beyond_the_quota(Path(folder)) / (1 << 20):.1f} MiB")


if __name__ == "__main__":
    main()
