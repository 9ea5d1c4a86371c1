#!/usr/bin/env python3
"""Tests a running server against its OpenAPI contract with schemathesis.

Every operation and every check, with an administrator's key and the same requests in every run.
"""

import sys
import tempfile
from pathlib import Path

from support import tools
from support.server import Server

SETTINGS = Path(__file__).resolve().parent / "schemathesis"


def run_schemathesis(server, key, examples, folder):
    program = tools.python("schemathesis").with_name("schemathesis")
    command = [program, "--config-file", SETTINGS / "schemathesis.toml", "run"]
    command += [f"http://{server.address}/openapi.json", "--header", f"Authorization: Bearer {key}"]
    command += ["--seed", "1", "--max-examples", examples, "--workers", "1", "--no-color"]
    hooks = {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(SETTINGS)}
    # It writes its cache to the current folder.
    tools.run(*command, environment=hooks, cwd=folder)


def main():
    examples = sys.argv[1] if len(sys.argv) > 1 else "40"
    with tempfile.TemporaryDirectory(prefix="hongtou-contract-") as folder:
        # Without a limit, because a key may not send so many requests per minute.
        server = Server(folder, "--rate", "0")
        key = server.add_key("contract", "admin")
        with server:
            run_schemathesis(server, key, examples, folder)
            server.check_log()


if __name__ == "__main__":
    main()
