#!/usr/bin/env python3
"""Signs filings in two steps and checks the signed copies with other programs.

`hongtou sign` has a filing on a server and a PDF file signed by a signing service from PyPI (CSC API), with
RSA and ECDSA keys. OpenSSL makes ECDSA and SM2 signature values for the interface. pyHanko, Poppler
and veraPDF check the results, OpenSSL the SM2 signatures, and `hongtou verify` all of them.
"""

import base64
import contextlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

from support import tools
from support.checks import check, check_equal, wait_until
from support.client import JSON, free_port, request
from support.program import HONGTOU, valid_fixture
from support.server import LOCAL_TOKEN, Server
from support.verapdf import validate

tools.enter("pyhanko")

from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

LETTER = json.loads(valid_fixture("letter-2023-46").read_text())
KEYS = {"rsa": ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], "ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}
SM2_IDENTITY = "1234567812345678"

# Certificates that never expire, so that no run depends on the day.
CONFIGURATION = """
keysets:
  office:
    path-prefix: {folder}
    keys:
      root: {{path: root.pem}}
      rsa: {{path: rsa.pem}}
      ec: {{path: ec.pem}}
pki-architectures:
  office:
    keyset: office
    entity-defaults: {{country-name: CN, organization-name: Test}}
    entities:
      root: {{common-name: Root}}
      rsa: {{common-name: Signer with RSA}}
      ec: {{common-name: Signer with ECDSA}}
    certs:
      root:
        subject: root
        issuer: root
        validity: &always {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2500-01-01T00:00:00+0000"}}
        profiles: [{{id: simple-ca}}]
      rsa: &signer
        subject: rsa
        issuer: root
        validity: *always
        extensions:
          - id: key_usage
            critical: true
            smart-value: {{schema: key-usage, params: [digital_signature, non_repudiation]}}
      ec:
        <<: *signer
        subject: ec
"""


def run(*command, **settings):
    done = subprocess.run([str(word) for word in command], capture_output=True, **settings)
    check(done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def hongtou(*arguments, code=0, environment=None):
    command = [HONGTOU, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | (environment or {}))
    check(done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@contextlib.contextmanager
def signing_service(folder):
    """A running service with a root, an RSA and an ECDSA certificate. It signs authorized hashes only."""
    folder.mkdir()
    for name, algorithm in (KEYS | {"root": KEYS["rsa"]}).items():
        run("openssl", "genpkey", "-algorithm", *algorithm, "-out", folder / f"{name}.pem")
    configuration = folder / "certomancer.yml"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    port = free_port()
    command = [tools.python("csc"), "-m", "csc_dummy", configuration, port, 2]
    with (folder / "service.log").open("wb") as log:
        process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)

    def answers():
        with contextlib.suppress(OSError):
            return request(f"localhost:{port}", "POST", "/csc/v1/info", "{}", JSON).status == 200

    try:
        wait_until(answers, "the signing service answers", 60)
        yield f"http://localhost:{port}/csc/v1"
    finally:
        process.kill()
        process.wait()


def certificates_of(service, credential):
    address, _, path = service.removeprefix("http://").partition("/")
    body = json.dumps({"credentialID": credential, "certificates": "chain"})
    info = request(address, "POST", f"/{path}/credentials/info", body, JSON).json()
    return [base64.b64decode(one) for one in info["cert"]["certificates"]]


def post(server, serial):
    body = json.loads(json.dumps(LETTER))
    body["document"]["document_number"]["serial"] = serial
    response = server.request("POST", "/v1/filings", json.dumps(body, ensure_ascii=False).encode(), JSON)
    check(response.status == 201, response.text)
    return response.headers["Location"], response.content


def prepare(server, path, body):
    response = server.request("POST", path + "/signing", json.dumps(body), JSON)
    check(response.status == 201, response.text)
    return response.headers["Location"], response.json()


def hand_in(server, location, body, status=201):
    response = server.request("PUT", location, json.dumps(body), JSON)
    check(response.status == status, response.text)
    return response


def signed_copy(server, path):
    response = server.request("GET", path + "/signed")
    check(response.status == 200, response.text)
    return response.content


class Validators:
    """Programs that check signed PDFs, with one trusted root."""

    def __init__(self, folder, root):
        folder.mkdir()
        self.folder, self.root = folder, root
        self.trust = folder / "trust"
        self.trust.mkdir()
        (self.trust / "root.der").write_bytes(root)
        pem = folder / "root.pem"
        pem.write_bytes(run("openssl", "x509", "-inform", "DER", input=root))
        self.nss = folder / "nss"
        self.nss.mkdir()
        run("certutil", "-N", "-d", f"sql:{self.nss}", "--empty-password")
        run("certutil", "-A", "-d", f"sql:{self.nss}", "-n", "root", "-t", "CT,C,C", "-i", pem)

    def check(self, name, original, signed):
        check_equal(signed.startswith(original), True, f"{name}: the original is an exact prefix")
        file = self.folder / f"{name}.pdf"
        file.write_bytes(signed)
        report = json.loads(hongtou("verify", file, "--trust", self.trust, "--revocation", "if-present", "--json"))
        check_equal(report["derivation"]["kind"], "identical_signed", f"{name}: the verdict on the derivation")
        pdfsig = run("pdfsig", "-nssdir", f"sql:{self.nss}", file).decode()
        for line in ["Signature is Valid.", "Certificate is Trusted.", "Total document signed"]:
            check(line in pdfsig, f"{name}: pdfsig does not say “{line}”:\n{pdfsig}")
        print(f"ok  {name}: valid for Poppler")
        context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(self.root)], allow_fetching=False)
        with file.open("rb") as opened:
            (signature,) = PdfFileReader(opened).embedded_signatures
            status = validate_pdf_signature(signature, context)
            check(status.bottom_line and status.intact and status.trusted, f"{name}: {status.pretty_print_details()}")
        print(f"ok  {name}: valid for pyHanko")
        check_pdf(name, file)


def check_pdf(name, file):
    """The file is still PDF/A-3a and PDF/UA-1, and qpdf has no warning."""
    for flavour in ["3a", "ua1"]:
        result = validate(flavour, file)
        check(result.returncode == 0, f"{name}: not {flavour}\n{result.stdout}{result.stderr}")
    run("qpdf", "--check", file)
    print(f"ok  {name}: PDF/A-3a and PDF/UA-1")


def sign_with_service(server, service, validators, folder):
    for serial, name in enumerate(KEYS, 1001):
        path, original = post(server, serial)
        arguments = ["--service", service, "--credential", f"office/{name}"]
        on_server = ["--server", f"http://{server.address}", "--filing", path.rpartition("/")[2]]
        hongtou("sign", *arguments, *on_server, environment={"HONGTOU_KEY": LOCAL_TOKEN})
        validators.check(f"{name}-filing", original, signed_copy(server, path))
        # The same with a file. The PIN and the token are not asked for by this service, but sent to it.
        (folder / "original.pdf").write_bytes(original)
        (folder / "secret").write_text("123456\n")
        secrets = ["--token-file", folder / "secret", "--pin-file", folder / "secret"]
        hongtou("sign", *arguments, *secrets, "--output", folder / "signed.pdf", folder / "original.pdf")
        validators.check(f"{name}-file", original, (folder / "signed.pdf").read_bytes())


def check_refusals(service, folder):
    original = folder / "original.pdf"
    target = ["--output", folder / "refused.pdf", original]
    message = hongtou("sign", "--service", service, *target, code=2)
    check("请以--credential指定" in message and "office/rsa" in message, message)
    message = hongtou("sign", "--service", service, "--credential", "office/nobody", *target, code=2)
    check("拒绝了请求（状态404）" in message, message)
    closed = f"http://localhost:{free_port()}/csc/v1"
    check("无法连接localhost" in hongtou("sign", "--service", closed, *target, code=2), "a closed port")
    plain = "http://sign.example/csc/v1"
    check("--service" in hongtou("sign", "--service", plain, *target, code=2), "secrets without TLS")
    check(not (folder / "refused.pdf").exists(), "a file was written without a signature")
    print("ok  refusals have sentences")


def check_value(server, service, validators, folder):
    """A signature value that OpenSSL makes of the data, with a key of the service."""
    chain = certificates_of(service, "office/ec")
    path, original = post(server, 1010)
    location, signing = prepare(server, path, {"container": "cms", "certificates": list(map(encoded, chain))})
    data = folder / "attributes.der"
    data.write_bytes(base64.b64decode(signing["to_be_signed"]["data"]))
    key = folder.parent / "service/ec.pem"
    value = run("openssl", "pkeyutl", "-sign", "-rawin", "-digest", "sha256", "-inkey", key, "-in", data)
    hand_in(server, location, {"signature": encoded(value), "certificates": list(map(encoded, chain))})
    validators.check("openssl-value", original, signed_copy(server, path))


def check_container(server, service, validators, folder):
    """A whole CMS container that OpenSSL makes of the prepared file."""
    path, original = post(server, 1011)
    location, signing = prepare(server, path, {"container": "cms"})
    prepared = server.request("GET", location)
    check(prepared.status == 200, prepared.text)
    _, first, second, length = signing["byte_range"]
    covered = folder / "covered"
    covered.write_bytes(prepared.content[:first] + prepared.content[second : second + length])
    signer, root = certificates_of(service, "office/ec")
    for name, content in [("signer", signer), ("root", root)]:
        (folder / f"{name}.pem").write_bytes(run("openssl", "x509", "-inform", "DER", input=content))
    command = ["openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap"]
    command += ["-md", "sha256", "-outform", "DER", "-in", covered, "-certfile", folder / "root.pem"]
    container = run(*command, "-signer", folder / "signer.pem", "-inkey", folder.parent / "service/ec.pem")
    hand_in(server, location, {"cms": encoded(container)})
    validators.check("openssl-cms", original, signed_copy(server, path))


def encoded(content):
    return base64.b64encode(content).decode()


def check_sm2(server, folder):
    """An SM2 signature value that OpenSSL makes, and verifies as it was inserted."""
    key, certificate = folder / "sm2.pem", folder / "sm2.crt"
    identity = ["-sigopt", f"distid:{SM2_IDENTITY}"]
    run("openssl", "genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", key)
    subject = ["-subj", "/CN=SM2", "-days", "3650", "-addext", "keyUsage=critical,digitalSignature"]
    run("openssl", "req", "-x509", "-new", "-sm3", *identity, *subject, "-key", key, "-out", certificate)
    der = run("openssl", "x509", "-in", certificate, "-outform", "DER")
    public = folder / "sm2.pub"
    public.write_bytes(run("openssl", "x509", "-in", certificate, "-noout", "-pubkey"))
    path, original = post(server, 1020)
    location, signing = prepare(server, path, {"container": "cms", "certificates": [encoded(der)]})
    data, value = folder / "sm2.der", folder / "sm2.value"
    data.write_bytes(base64.b64decode(signing["to_be_signed"]["data"]))
    scheme = ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{SM2_IDENTITY}"]
    value.write_bytes(run("openssl", "pkeyutl", "-sign", *scheme, "-inkey", key, "-in", data))
    broken = value.read_bytes()[:-1] + bytes([value.read_bytes()[-1] ^ 1])
    refused = hand_in(server, location, {"signature": encoded(broken), "certificates": [encoded(der)]}, 422)
    check_equal(refused.json()["type"], "/problems/signature-refused", "a broken SM2 signature is refused")
    hand_in(server, location, {"signature": encoded(value.read_bytes()), "certificates": [encoded(der)]})
    signed = signed_copy(server, path)
    check_equal(signed.startswith(original), True, "SM2: the original is an exact prefix")
    check_sm2_container(signed, signing, public, scheme, folder)
    verdict = server.request("GET", path + "/verdict").json()
    judgement = verdict["signatures"][0]["judgement"]
    check_equal(judgement["algorithm"], "SM2, SM3", "SM2: the algorithm of the verdict")
    check_equal(judgement["sub_indication"], "NO_CERTIFICATE_CHAIN_FOUND", "SM2: nothing is wrong but the trust")
    file = folder / "sm2.pdf"
    file.write_bytes(signed)
    check_pdf("SM2", file)


def check_sm2_container(signed, signing, public, scheme, folder):
    """Takes the container out of the file; OpenSSL verifies it and computes the digest of the file."""
    _, first, second, length = signing["byte_range"]
    container = asn1_cms.ContentInfo.load(bytes.fromhex(signed[first + 1 : second - 1].decode()), strict=False)
    (signer,) = container["content"]["signer_infos"]
    (folder / "tbs").write_bytes(signer["signed_attrs"].untag().dump())
    (folder / "value").write_bytes(signer["signature"].native)
    run("openssl", "pkeyutl", "-verify", *scheme, "-pubin", "-inkey", public, "-in", folder / "tbs", "-sigfile", folder / "value")
    digest = run("openssl", "dgst", "-sm3", "-binary", input=signed[:first] + signed[second : second + length])
    attributes = {one["type"].dotted: one["values"][0] for one in signer["signed_attrs"]}
    check_equal(attributes["1.2.840.113549.1.9.4"].native, digest, "SM2: the digest of the file, by OpenSSL")
    digests = {one["algorithm"]: base64.b64decode(one["digest"]) for one in signing["document_digests"]}
    check_equal(digests["SM3"], digest, "SM2: the digest that was announced")
    print("ok  SM2: valid for OpenSSL")


def main():
    tools.debian("openssl", "poppler-utils", "libnss3-tools", "qpdf")
    with tempfile.TemporaryDirectory(prefix="hongtou-signing-") as name:
        folder = Path(name)
        work = folder / "work"
        work.mkdir()
        with signing_service(folder / "service") as service, Server(folder) as server:
            root = certificates_of(service, "office/rsa")[-1]
            validators = Validators(folder / "validators", root)
            sign_with_service(server, service, validators, work)
            check_refusals(service, work)
            check_value(server, service, validators, work)
            check_container(server, service, validators, work)
            check_sm2(server, work)
            server.check_log()


if __name__ == "__main__":
    main()
