#!/usr/bin/env python3
"""Uses clients that other programs generate from the contract: openapi-python-client and openapi-typescript.

Each client must post a letter, list filings, fetch the PDF and run a batch.
"""

import importlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path

from support import tools
from support.checks import check
from support.program import valid_fixture
from support.server import Server

BATCH_DEADLINE = 60

# The generator knows no other types of files. Formatting the client needs another program.
FILES = ["application/pdf", "application/zip", "image/png", "application/x-ndjson", "application/openmetrics-text"]
PYTHON_SETTINGS = {"content_type_overrides": dict.fromkeys(FILES, "application/octet-stream"), "post_hooks": []}

# What the TypeScript client does; `tsc` checks it against the generated types.
TYPESCRIPT = """
import createClient from "openapi-fetch";
import type { paths, components } from "./schema";

const [address, key, text] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
const letter: components["schemas"]["Submission"] = JSON.parse(text);

function sound(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function main() {
  const accept = { accept: "application/json" } as const;
  const posted = await client.POST("/v1/filings", { body: letter, headers: accept });
  sound(posted.response.status === 201, `posting was answered with ${posted.response.status}`);
  const id = (posted.response.headers.get("location") ?? "").split("/").pop() ?? "";
  const found = await client.GET("/v1/filings", { params: { query: { year: 2023 } } });
  sound(found.data?.filings.some((filing) => filing.id === id), "the filing is not listed");
  const pdf = await client.GET("/v1/filings/{id}/pdf", { params: { path: { id } }, parseAs: "arrayBuffer" });
  sound(new TextDecoder().decode((pdf.data as unknown as ArrayBuffer).slice(0, 5)) === "%PDF-", "no PDF");
  const state: components["schemas"]["BatchState"] = "done";
  const batch = await client.POST("/v1/batches", {
    body: text,
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/x-ndjson" },
  });
  sound(batch.data, "the batch was not accepted");
  for (;;) {
    const now = await client.GET("/v1/batches/{id}", { params: { path: { id: batch.data.id } } });
    sound(now.data, "the batch is not found");
    if (now.data.state === state) break;
    await new Promise((done) => setTimeout(done, 200));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
"""


def letter(serial):
    filing = json.loads(valid_fixture("letter-2023-46").read_bytes())
    filing["document"]["document_number"]["serial"] = serial
    return filing


def contract(server, folder):
    """The contract of a running server, in a file."""
    path = folder / "openapi.json"
    path.write_bytes(server.request("GET", "/openapi.json").content)
    return path


def with_python(server, key, folder):
    """The client of openapi-python-client. This script runs in the environment with its libraries.

    The generator knows no multipart responses, which only the page of the office asks for.
    """
    program = Path(sys.executable).with_name("openapi-python-client")
    output = folder / "python"
    output.mkdir()
    (folder / "config.json").write_text(json.dumps(PYTHON_SETTINGS))
    path = contract(server, folder)
    document = json.loads(path.read_text())
    del document["paths"]["/v1/previews/pages"]
    path.write_text(json.dumps(document))
    command = [program, "generate", "--path", path, "--meta", "none", "--fail-on-warning"]
    tools.run(*command, "--output-path", output / "hongtou_client", "--config", folder / "config.json")
    sys.path.insert(0, str(output))
    package = importlib.import_module("hongtou_client")
    call = {
        path.stem: importlib.import_module(f"hongtou_client.api.{path.parent.name}.{path.stem}")
        for path in (output / "hongtou_client/api").glob("*/*.py")
        if path.stem != "__init__"
    }
    models = importlib.import_module("hongtou_client.models")
    client = package.AuthenticatedClient(base_url=f"http://{server.address}", token=key)
    submission = models.Submission.from_dict(letter(101))
    posted = call["post_filing"].sync_detailed(client=client, body=submission)
    check(posted.status_code == 201, f"posting was answered with {posted.status_code}")
    check(posted.parsed.payload.read(5) == b"%PDF-", "the response to a post is the PDF")
    id = posted.headers["location"].rsplit("/")[-1]
    found = call["search_filings"].sync(client=client, year=2023)
    check(id in [filing.id for filing in found.filings], "the filing is not listed")
    pdf = call["get_filing_pdf"].sync(id, client=client)
    check(pdf.payload.read(5) == b"%PDF-", "no PDF")
    types = importlib.import_module("hongtou_client.types")
    line = types.File(payload=io.BytesIO(json.dumps(letter(102)).encode()))
    batch = call["post_batch"].sync(client=client, body=line)
    deadline = time.monotonic() + BATCH_DEADLINE
    while call["get_batch"].sync(batch.id, client=client).state != models.BatchState.DONE:
        check(time.monotonic() < deadline, "the batch does not end")
        time.sleep(0.2)


def with_typescript(server, key, folder):
    """The types of openapi-typescript, with openapi-fetch."""
    modules = tools.npm("typescript-clients", *tools.TYPESCRIPT_CLIENTS)
    programs = modules / "node_modules/.bin"
    source = folder / "typescript"
    source.mkdir()
    (source / "node_modules").symlink_to(modules / "node_modules")
    tools.run(programs / "openapi-typescript", contract(server, folder), "--output", source / "schema.ts")
    (source / "main.ts").write_text(TYPESCRIPT)
    options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "--types", "node"]
    (source / "package.json").write_text('{"type": "commonjs"}')
    tools.run(programs / "tsc", *options, source / "main.ts", cwd=source)
    text = json.dumps(letter(201), ensure_ascii=False)
    tools.run("node", source / "main.js", f"http://{server.address}", key, text, cwd=source)


def main():
    tools.enter("openapi-python-client")
    with tempfile.TemporaryDirectory(prefix="hongtou-clients-") as name:
        folder = Path(name)
        server = Server(folder)
        key = server.add_key("client", "submit,read,archive")
        with server:
            with_python(server, key, folder)
            with_typescript(server, key, folder)
            server.check_log()


if __name__ == "__main__":
    main()
