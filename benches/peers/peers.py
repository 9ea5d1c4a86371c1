"""peers.py WORKER CACHE ROUNDS: makes one document with each program in turn and prints a Markdown table.

Every program stays open if it can, in a process tree of its own that reads the name of a job's folder,
writes `out.pdf` there and answers with a line. Each round has different text. `plain.json` of a job has
what hongtou prints of the seed filing (title, recipients, headings, paragraphs, closing). The others lay
it out with a simple template of their own, on the same grid with the same fonts."""

import collections
import contextlib
import copy
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import cbor2

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests/system"))

from support.verapdf import validate

FONTS = ROOT / "fonts"
SEED = ROOT / "fixtures/valid/bazhong-2021-38.json"
WARMING = 3
TICK = os.sysconf("SC_CLK_TCK")


class Peer:
    """An open program and the resources that it used."""

    def __init__(self, name, command, environment):
        self.name = name
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(SCRATCH / f"{len(os.listdir(SCRATCH))}.log").open("w"),
            env=environment,
            text=True,
            cwd=SCRATCH,
        )
        self.wall, self.cpu, self.memory, self.last = [], 0.0, 0.0, None

    def make(self, job, counts):
        before, started = cpu_of(self.tree()), time.perf_counter()
        print(job, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        wall = time.perf_counter() - started
        if not answer.startswith("made"):
            raise SystemExit(f"{self.name} did not make {job}: {answer!r}; see {SCRATCH}")
        # Work that a browser does after its answer counts, too.
        tree = self.tree()
        if counts:
            self.wall.append(wall)
            self.cpu += cpu_of(tree) - before
            within = float(answer.split()[1]) if len(answer.split()) > 1 else 0.0
            self.memory = max(self.memory, sum(map(memory_of, tree)), within)
        self.last = pathlib.Path(job) / f"{self.name}.pdf"
        shutil.move(pathlib.Path(job) / "out.pdf", self.last)

    def tree(self):
        children = collections.defaultdict(list)
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                fields = stat_of(entry)
                if fields:
                    children[int(fields[1])].append(int(entry))
        found, open_ = [], [self.process.pid]
        while open_:
            found.append(open_.pop())
            open_ += children[found[-1]]
        return found

    def close(self):
        """Ends the process tree, with SIGKILL if SIGTERM is ignored."""
        tree = self.tree()
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            for pid in tree:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal_)
            time.sleep(0.5)


def stat_of(pid):
    """The fields of proc(5) from the third on; None if the process has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def cpu_of(tree):
    """CPU seconds of these processes and of their ended children."""
    fields = filter(None, map(stat_of, tree))
    return sum(int(ticks) for stat in fields for ticks in stat[11:15]) / TICK


def memory_of(pid):
    """Megabytes, with the process's share of memory that several processes use."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(re.search(r"^Pss: +(\d+)", text, re.M).group(1)) / 1024


def variant(serial):
    """The seed filing with another document number and a mark in each paragraph."""
    filing = copy.deepcopy(FILING)
    filing["document"]["document_number"]["serial"] = serial
    for section in filing["scores"]["sections"]:
        for holder in section.get("groups") or [section]:
            for indicator in holder["indicators"]:
                texts = indicator.get("narrative") or []
                indicator["narrative"] = [f"{text}（甲{serial}）" for text in texts]
    return filing


def text_of(runs):
    return "".join(run["text"] for run in runs).replace("\u2028", "")


def plain(data):
    """What hongtou prints: title, recipients, blocks and closing."""
    closing = ["".join(name) for row in data["sign-off"]["rows"] for name in row]
    return {
        "title": data["title"],
        "to": data["primary-recipients"],
        "body": [
            {"level": int(part.get("level", 0)), "text": text_of(part["runs"])}
            for part in data["body"]
        ],
        "closing": closing + [data["sign-off"]["date"]],
        "number": data["masthead"]["document-number"],
    }


def job(serial):
    """A folder with the filing, the files that Typst reads for it, and its plain text."""
    folder = SCRATCH / f"job{serial}"
    folder.mkdir()
    (folder / "filing.json").write_text(json.dumps(variant(serial), ensure_ascii=False))
    subprocess.run([WORKER, "files", folder / "filing.json", folder / "world"], check=True)
    data = cbor2.loads((folder / "world/data.cbor").read_bytes())
    (folder / "plain.json").write_text(json.dumps(plain(data), ensure_ascii=False))
    return folder


def missing(peer):
    """How many characters of the document are missing from the text of the PDF."""
    got = subprocess.run(["pdftotext", peer.last, "-"], check=True, capture_output=True, text=True)
    document = json.loads((peer.last.parent / "plain.json").read_text())
    parts = [*document["title"], document["to"], *document["closing"]]
    parts += [part["text"] for part in document["body"]]
    count = lambda text: collections.Counter(re.sub(r"\s", "", text))
    return sum((count("".join(parts)) - count(got.stdout)).values())


def standard(peer):
    """The PDF/A and PDF/UA that the file claims, and whether it conforms."""
    raw = subprocess.run(["pdfinfo", "-meta", peer.last], capture_output=True, text=True).stdout
    value = lambda name: (re.findall(rf"{name}(?:>|=\")([^<\"]+)", raw) or [""])[0].lower()
    part, conformance = value("pdfaid:part"), value("pdfaid:conformance")
    claims = [f"{part}{conformance}"] if part else []
    claims += ["ua1"] if value("pdfuaid:part") == "1" else []
    found = []
    for claim in claims:
        conforms = validate(claim, peer.last).returncode == 0
        name = "UA-1" if claim == "ua1" else f"A-{claim}"
        found.append(name if conforms else f"claims {name}, violates it")
    return ", ".join(found) or "no"


def pages(peer):
    raw = subprocess.run(["pdfinfo", peer.last], capture_output=True, text=True).stdout
    return int(re.search(r"Pages: +(\d+)", raw).group(1))


def cpu_per_page(peer):
    return peer.cpu / len(peer.wall) / pages(peer) * 1000


def row(peer, ours):
    wall = statistics.median(peer.wall)
    cpu = peer.cpu / len(peer.wall)
    n_missing = missing(peer)
    cells = [
        peer.name,
        f"{wall * 1000:.0f} ms",
        f"{wall / statistics.median(ours.wall):.2f}",
        f"{cpu * 1000:.0f} ms",
        f"{cpu / (ours.cpu / len(ours.wall)):.2f}",
        f"{peer.memory:.0f} MB",
        f"{peer.last.stat().st_size / 1000:.0f} kB",
        str(pages(peer)),
        standard(peer),
        "complete" if n_missing == 0 else f"{n_missing} characters missing",
    ]
    return f"| {' | '.join(cells)} |"


def environment():
    """Programs that use fontconfig find only the fonts of `fonts/`."""
    config = SCRATCH / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{FONTS}</dir><cachedir>{CACHE}/fontconfig</cachedir></fontconfig>"
    )
    one_thread = {"RAYON_NUM_THREADS": "1", "FONTCONFIG_FILE": str(config), "TMPDIR": str(SCRATCH)}
    modules = {"NODE_PATH": str(CACHE / "node_modules"), "HONGTOU_FONTS": str(FONTS)}
    return os.environ | one_thread | modules


def peers():
    env = environment()
    driver = lambda *arguments: [sys.executable, HERE / "drivers.py", *arguments]
    return [
        Peer("hongtou, whole filing", [WORKER, "stay"], env),
        Peer("Python typst, hongtou's templates and data", driver("typst-ours"), env),
        Peer("Python typst, plain template", driver("typst-plain"), env),
        Peer("WeasyPrint", driver("weasyprint"), env),
        Peer("Chromium (Playwright)", ["node", HERE / "chromium.js"], env),
        Peer("LibreOffice (unoserver)", driver("libreoffice"), env),
        Peer("XeLaTeX with ctex", driver("xelatex"), env),
    ]


def main():
    everyone = peers()
    try:
        for round_ in range(WARMING + ROUNDS):
            folder = job(100 + round_)
            for peer in everyone:
                peer.make(folder, counts=round_ >= WARMING)
            if round_ < WARMING + ROUNDS - 1:
                shutil.rmtree(folder)
        head = "program, medians of %d documents|wall|ratio|CPU|ratio|memory|size|pages|PDF/A|text"
        print(f"| {(head % ROUNDS).replace('|', ' | ')} |\n|---|--:|--:|--:|--:|--:|--:|--:|---|---|")
        for peer in everyone:
            print(row(peer, everyone[0]))
        ours, same, plain_ = map(cpu_per_page, everyone[:3])
        print(
            f"\nCPU per page: hongtou {ours:.2f} ms; Python typst {plain_:.2f} ms on a plain document, so "
            f"hongtou takes {ours / plain_:.2f} of it (goal 0.60); Python typst {same:.2f} ms on hongtou's "
            f"templates and data, so hongtou takes {ours / same:.2f} of it (goal below 1)."
        )
    finally:
        for peer in everyone:
            peer.close()


if __name__ == "__main__":
    WORKER, CACHE, ROUNDS = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    FILING = json.loads(SEED.read_text())
    SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="peers-"))
    main()
    shutil.rmtree(SCRATCH)
