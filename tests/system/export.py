#!/usr/bin/env python3
"""Exports an archive, lets PyPI's bagit and xmllint check the package, and imports it into an empty archive."""

import contextlib
import json
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from support import tools

tools.enter("bagit")

import bagit

from support.checks import check, check_equal, wait_until
from support.client import JSON
from support.program import HONGTOU, valid_fixture
from support.server import Server

FIXTURES = ["bazhong-2021-38", "letter-2023-46", "order-2023-12", "notice-attachments"]


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def n_programs(data):
    with contextlib.closing(sqlite3.connect(data / "hongtou.sqlite")) as database:
        return database.execute("SELECT COUNT(*) FROM renderer_files").fetchone()[0]


def filed(folder):
    """The data folder of a server that has filed the fixtures, and kept its program."""
    with Server(folder, environment={"HONGTOU_WITHOUT_PROGRAM": "false"}) as server:
        for name in FIXTURES:
            response = server.request("POST", "/v1/filings", valid_fixture(name).read_bytes(), JSON)
            check_equal(response.status, 201, name)
            retention = json.dumps({"class": "30_years", "basis": "第3条"}).encode()
            path = response.headers["Location"] + "/retention"
            check_equal(server.request("PUT", path, retention, JSON).status, 200, f"the retention of {name}")
        wait_until(lambda: n_programs(server.data) == 1, "the program is kept", seconds=120)
    return server.data


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


if __name__ == "__main__":
    main()
