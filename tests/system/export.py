#!/usr/bin/env python3
"""Exports an archive, lets PyPI's bagit and xmllint check the package, and imports it into an empty archive.

Exports it again with EEPs (DA/T 48), which xmllint validates against the schema in the package. Then exports
and imports archives of 500 and 5,000 filings: the memory hardly grows.
"""

import base64
import hashlib
import json
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from support import tools

tools.enter("bagit")

import bagit

import fixity
from support import receipts
from support.checks import check, check_equal, wait_until
from support.client import JSON
from support.memory import run_measured
from support.program import HONGTOU, valid_fixture
from support.server import Server

# MiB by which the memory of an export or import of 5,000 filings may exceed that of 500. SQLite has up to twelve
# connections with a page cache of 2 MB each, which a small database does not fill.
MOST_GROWTH = 30

EEP = "{http://www.saac.gov.cn/standards/ERM/encapsulation}"

FIXTURES = ["bazhong-2021-38", "letter-2023-46", "order-2023-12", "notice-attachments"]


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def files(folder):
    """The digests of all files."""
    digest = lambda path: hashlib.sha256(path.read_bytes()).digest()
    return {path.relative_to(folder): digest(path) for path in folder.rglob("*") if path.is_file()}


def filed(folder):
    """The data folder of a server that has filed the fixtures, and kept its program."""
    with Server(folder, environment={"HONGTOU_WITHOUT_PROGRAM": "false"}) as server:
        for name in FIXTURES:
            response = server.request("POST", "/v1/filings", valid_fixture(name).read_bytes(), JSON)
            check_equal(response.status, 201, name)
            retention = json.dumps({"class": "30_years", "basis": "第3条"}).encode()
            path = response.headers["Location"] + "/retention"
            check_equal(server.request("PUT", path, retention, JSON).status, 200, f"the retention of {name}")
            path = response.headers["Location"] + "/receipt"
            wait_until(lambda: server.request("GET", path).status == 200, f"the receipt of {name}", seconds=60)
        wait_until(lambda: server.n_programs() == 1, "the program is kept", seconds=120)
    return server.data


def check_receipts(package):
    """Each filing has a receipt, which a second implementation verifies with the key of the log."""
    head = json.loads((package / "data/其他/records/log_head.ndjson").read_text())
    found = list((package / "data/电子档案").rglob("receipt.tlog-proof"))
    check_equal(len(found), len(FIXTURES), "the receipts")
    for path in found:
        [pdf] = path.parent.glob("*号.pdf")
        receipts.verify(path.read_text(), pdf.read_bytes(), [head["vkey"]])
        check((path.parent / "renderer.json").exists(), f"{path.parent} names its renderer")


def check_inspections(data, package):
    """No item of the package or of a filing fails, and what was not looked at does not pass."""
    number = json.loads(valid_fixture(FIXTURES[0]).read_text())["document"]["document_number"]
    number = f"{number['agency_code']}〔{number['year']}〕{number['serial']}号"
    for subject in [package, number]:
        items = json.loads(run(HONGTOU, "archive", "inspect", "--json", "--data", data, subject))
        results = {item["code"]: item["result"] for item in items}
        check("不通过" not in results.values(), f"{subject}: {results}")
        check_equal((results["2-7"], results["4-2"]), ("通过", "未检测"), f"the inspection of {subject}")


def check_eeps(data, package):
    """Each EEP is valid and has the files beside it, and the package is whole."""
    run(HONGTOU, "archive", "export", "--eep", "--data", data, "--output", package)
    bag = bagit.Bag(str(package))
    bag.validate()
    eeps = list(package.rglob("*.eep"))
    check_equal(len(eeps), len(FIXTURES), "the EEPs")
    run("xmllint", "--noout", "--huge", "--schema", package / "data/其他/eep.xsd", *eeps)
    for path in eeps:
        encoded = list(ElementTree.parse(path).iter(f"{EEP}编码"))
        check_equal(len(encoded), 2, f"{path}: the PDF and what it was made from")
        for one in encoded:
            name = one.findtext(f"{EEP}电子属性/{EEP}计算机文件名")
            content = base64.b64decode(one.findtext(f"{EEP}编码数据"))
            check(content == path.with_name(name).read_bytes(), f"{path}: {name}")
    items = json.loads(run(HONGTOU, "archive", "inspect", "--json", "--data", data, package))
    check("不通过" not in [item["result"] for item in items], f"the inspection of {package}: {items}")


def memory_of(*command):
    """The greatest memory of a command, in MiB."""
    code, _, mebibytes = run_measured(*command)
    check_equal(code, 0, command[2])
    return mebibytes


def memory(folder, filings):
    """The memory of the export and of the import of a made-up archive."""
    data, package, copy = (folder / f"{name}-{filings}" for name in ["data", "package", "copy"])
    fixity.archive(data, filings)
    exported = memory_of(HONGTOU, "archive", "export", "--data", data, "--output", package)
    imported = memory_of(HONGTOU, "archive", "import", "--data", copy, package)
    check(files(data / "objects") == files(copy / "objects"), f"the objects of {filings} filings")
    print(f"{filings} filings: export {exported:.0f} MiB, import {imported:.0f} MiB", flush=True)
    return exported, imported


def check_memory(folder):
    for small, large in zip(memory(folder, 500), memory(folder, 5000)):
        check(large - small <= MOST_GROWTH, "the memory hardly grows")


def main():
    tools.debian("libxml2-utils")
    with tempfile.TemporaryDirectory() as folder:
        data, package, copy = filed(folder), Path(folder) / "package", Path(folder) / "copy"
        print(run(HONGTOU, "archive", "export", "--data", data, "--output", package).strip())
        bag = bagit.Bag(str(package))
        bag.validate()
        check(bag.is_valid(), "bagit accepts the package")
        documents = [path for path in package.rglob("*") if path.suffix.lower() == ".xml"]
        check_equal(len(documents), len(FIXTURES) + 2, "the XML files")
        run("xmllint", "--noout", *documents)
        for name in ["文件目录.XML", "说明文件.TXT", "其他/移交与接收登记表.xml", "电子档案/2021/30年"]:
            check((package / "data" / name).exists(), f"data/{name}")
        print(run(HONGTOU, "archive", "import", "--data", copy, package).strip())
        check(files(data / "objects") == files(copy / "objects"), "the objects are the same")
        print(run(HONGTOU, "archive", "check", "--data", copy).strip())
        print(run(HONGTOU, "archive", "verify-log", "--data", copy).strip())
        check_receipts(package)
        check_inspections(data, package)
        check_eeps(data, Path(folder) / "package-with-eeps")
        form = (package / "移交与接收登记表.pdf").read_bytes()
        check(form.startswith(b"%PDF-"), "the transfer form is a PDF")
        check_memory(Path(folder))


if __name__ == "__main__":
    main()
