#!/usr/bin/env python3
"""Checks the contract with the linters Redocly and Spectral. Every warning is an error, except those listed here."""

import json
import tempfile
from pathlib import Path

from support import tools
from support.checks import check
from support.server import temporary_server

# Sign-in answers with redirects and with problems only.
REDOCLY = {
    "extends": ["recommended"],
    "rules": {"operation-2xx-response": "off"},
}

# In OpenAPI 3.1 the scopes of a key are names of roles, which are declared nowhere.
SPECTRAL = {
    "extends": ["spectral:oas"],
    "rules": {"oas3-operation-security-defined": "off"},
}


def main():
    modules = tools.npm("linters", *tools.LINTERS)
    programs = modules / "node_modules/.bin"
    with tempfile.TemporaryDirectory(prefix="hongtou-") as name, temporary_server() as server:
        folder = Path(name)
        contract = server.request("GET", "/openapi.json")
        check(contract.status == 200, f"the contract was answered with {contract.status}")
        (folder / "openapi.json").write_bytes(contract.content)
        (folder / "redocly.yaml").write_text(json.dumps(REDOCLY))
        (folder / "spectral.yaml").write_text(json.dumps(SPECTRAL))
        quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
        redocly = ["lint", "openapi.json", "--config", "redocly.yaml", "--max-problems", "0", "--format", "json"]
        found = tools.run(programs / "redocly", *redocly, cwd=folder, environment=quiet, capture_output=True)
        totals = json.loads(found.stdout)["totals"]
        check(totals["errors"] + totals["warnings"] == 0, f"Redocly: {totals}")
        spectral = ["lint", "openapi.json", "--ruleset", "spectral.yaml", "--fail-severity", "warn"]
        tools.run(programs / "spectral", *spectral, cwd=folder)


if __name__ == "__main__":
    main()
