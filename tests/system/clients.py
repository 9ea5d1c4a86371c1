#!/usr/bin/env python3
"""Uses clients that other programs generate from the contract: openapi-python-client, openapi-typescript,
@hey-api/openapi-ts and the Java generator of OpenAPI Generator.

Each client must post a letter, list filings, fetch the PDF, hand in the signed copy and run a batch.
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
FILES = [
    "application/pdf",
    "application/zip",
    "image/png",
    "application/x-ndjson",
    "application/openmetrics-text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
]
PYTHON_SETTINGS = {"content_type_overrides": dict.fromkeys(FILES, "application/octet-stream"), "post_hooks": []}

# The programs that use the clients in other languages.
PROGRAMS = Path(__file__).parent / "clients"
SIGNER = Path(__file__).with_name("sign_pdf.py")

# Names of the generated Java client. Nullable wrappers would need a library that Debian lacks.
JAVA_VALUES = "Amount Cell IssuedText Points Text Title"  # Values of several types, such as a string or a list.
JAVA_SETTINGS = "openApiNullable=false,supportUrlQuery=false,useJakartaEe=true,dateLibrary=java8,invokerPackage=office,apiPackage=office.api,modelPackage=office.model"


def letter(serial):
    filing = json.loads(valid_fixture("letter-2023-46").read_bytes())
    filing["document"]["document_number"]["serial"] = serial
    return filing


def contract(server, folder):
    """The contract of a running server, in a file."""
    path = folder / "openapi.json"
    path.write_bytes(server.request("GET", "/openapi.json").content)
    return path


def single_responses(server, folder):
    """The contract without multipart responses, which these generators do not know. Only the page of the
    office asks for them."""
    path = contract(server, folder)
    document = json.loads(path.read_text())
    paths = document["paths"].items()
    document["paths"] = {name: item for name, item in paths if "multipart/" not in json.dumps(item)}
    path.write_text(json.dumps(document))
    return path


def signed_by_an_office(pdf, folder):
    """The bytes of a PDF with a signature."""
    (folder / "fetched.pdf").write_bytes(pdf)
    tools.run(SIGNER, folder / "fetched.pdf", folder / "signed.pdf")
    return (folder / "signed.pdf").read_bytes()


def with_python(server, key, folder):
    """The client of openapi-python-client. This script runs in the environment with its libraries."""
    program = Path(sys.executable).with_name("openapi-python-client")
    output = folder / "python"
    output.mkdir()
    (folder / "config.json").write_text(json.dumps(PYTHON_SETTINGS))
    path = single_responses(server, folder)
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
    pdf = pdf.payload.read()
    check(pdf.startswith(b"%PDF-"), "no PDF")
    types = importlib.import_module("hongtou_client.types")
    file = types.File(payload=io.BytesIO(signed_by_an_office(pdf, folder)))
    record = call["put_signed_copy"].sync(id, client=client, body=file)
    check(record.signed, "the signed copy is not archived")
    line = types.File(payload=io.BytesIO(json.dumps(letter(102)).encode()))
    batch = call["post_batch"].sync(client=client, body=line)
    deadline = time.monotonic() + BATCH_DEADLINE
    while call["get_batch"].sync(batch.id, client=client).state != models.BatchState.DONE:
        check(time.monotonic() < deadline, "the batch does not end")
        time.sleep(0.2)


def compiled_typescript(source, modules, program):
    """Compiles a program next to the generated files, and returns it."""
    (source / "package.json").write_text('{"type": "commonjs"}')
    (source / program).write_text((PROGRAMS / program).read_text())
    options = ["--strict", "--skipLibCheck", "--module", "commonjs", "--moduleResolution", "node10"]
    options += ["--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", "node"]
    tools.run(modules / "node_modules/.bin/tsc", *options, source / program, cwd=source)
    return source / Path(program).with_suffix(".js")


def with_typescript(server, key, folder):
    """The types of openapi-typescript, with openapi-fetch, and the functions of @hey-api/openapi-ts."""
    modules = tools.npm("typescript-clients", *tools.TYPESCRIPT_CLIENTS)
    programs = modules / "node_modules/.bin"
    source = folder / "typescript"
    source.mkdir()
    (source / "node_modules").symlink_to(modules / "node_modules")
    path = contract(server, folder)
    tools.run(programs / "openapi-typescript", path, "--output", source / "schema.ts")
    tools.run(programs / "openapi-ts", "--input", path, "--output", source / "client", cwd=source)
    for serial, program in [(201, "openapi_fetch.ts"), (202, "hey_api.ts")]:
        compiled = compiled_typescript(source, modules, program)
        text = json.dumps(letter(serial), ensure_ascii=False)
        tools.run("node", compiled, f"http://{server.address}", key, text, SIGNER, folder, cwd=source)


def with_java(server, key, folder):
    """The Java client of OpenAPI Generator, compiled with the libraries that its jar contains."""
    tools.debian("default-jdk-headless", "libjakarta-annotation-api-java")
    generator = tools.openapi_generator()
    source, classes = folder / "java", folder / "classes"
    command = ["java", "-jar", generator, "generate", "-g", "java", "--library", "native"]
    command += ["-i", single_responses(server, folder), "-o", source, "--additional-properties", JAVA_SETTINGS]
    command += ["--schema-mappings", ",".join(f"{name}=java.lang.Object" for name in JAVA_VALUES.split())]
    tools.run(*command, "--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false")
    path = f"{generator}:{tools.DEBIAN['libjakarta-annotation-api-java']}"
    files = [*(source / "src/main/java").rglob("*.java"), PROGRAMS / "Main.java"]
    tools.run("javac", "-nowarn", "-encoding", "UTF-8", "-d", classes, "-cp", path, *files)
    (folder / "letter.json").write_text(json.dumps(letter(301), ensure_ascii=False))
    address = f"http://{server.address}"
    run = ["java", "-cp", f"{path}:{classes}", "-Dfile.encoding=UTF-8", "Main"]
    tools.run(*run, address, key, folder / "letter.json", SIGNER, folder)


def main():
    tools.enter("openapi-python-client")
    with tempfile.TemporaryDirectory(prefix="hongtou-clients-") as name:
        folder = Path(name)
        server = Server(folder)
        key = server.add_key("client", "submit,read,archive")
        with server:
            with_python(server, key, folder)
            with_typescript(server, key, folder)
            with_java(server, key, folder)
            server.check_log()


if __name__ == "__main__":
    main()
