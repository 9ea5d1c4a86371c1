#!/usr/bin/env python3
"""Signs PDFs with pyHanko, from B-B to B-LTA, and checks the verdicts of `hongtou verify`.

Signed filings must be unchanged with valid signatures, and changed files must be found.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from support import tools
from support.checks import CheckFailed, check
from support.program import HONGTOU, valid_fixture

tools.debian("qpdf")
tools.enter("pyhanko")

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from support.authority import Authority

FIXTURES = ["letter-2023-46", "bazhong-2021-38"]
# The options of qpdf.
ENCRYPTIONS = {
    "rc4-40": ["40"],
    "rc4-128": ["128", "--use-aes=n"],
    "aes-128": ["128", "--use-aes=y"],
    "aes-256": ["256"],
}


class SignedCopies:
    """Signed copies of one filing and the expected verdicts."""

    def __init__(self, authority, original, folder):
        folder.mkdir()
        self.authority, self.original, self.folder = authority, original, folder
        self.trust = authority.write_trust(folder / "trust", authority.root, authority.crl)
        self.root_only = authority.write_trust(folder / "root-only", authority.root)
        self.failed = []

    def sign(self, source, target, field="Signature1", signer=None, stamps=None, box=None, **metadata):
        """Signs a PDF with pyHanko, as PAdES unless `metadata` says otherwise."""
        metadata = {"subfilter": fields.SigSeedSubFilter.PADES} | metadata
        signer = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=field, **metadata),
            signer=signer or self.authority.rsa_signer,
            timestamper=stamps,
            new_field_spec=fields.SigFieldSpec(field, on_page=0, box=box) if box else None,
        )
        path = self.folder / target
        with source.open("rb") as before, path.open("wb") as after:
            writer = IncrementalPdfFileWriter(before)
            if writer.prev.encrypted:
                writer.encrypt(b"")
            signer.sign_pdf(writer, output=after)
        return path

    def verify(self, path, trust):
        """The report of `hongtou verify`, whose exit code must agree with it."""
        command = [HONGTOU, "verify", path, "--json", "--original", self.original, "--trust", trust]
        done = subprocess.run(command, capture_output=True, text=True)
        check(done.returncode in (0, 1), f"{path}: {done.stderr}")
        report = json.loads(done.stdout)
        check(report["passed"] == (done.returncode == 0), f"{path}: {done.returncode}, {report['passed']}")
        return report

    def expect(self, path, kind, n_signatures, passed, trust=None):
        report = self.verify(path, trust or self.trust)
        found = (report["derivation"]["kind"], len(report["signatures"]), report["passed"])
        is_expected = found == (kind, n_signatures, passed)
        print("ok    " if is_expected else "FAILED", path.name, *found, flush=True)
        if not is_expected:
            self.failed.append(path.name)
            print(json.dumps(report, ensure_ascii=False, indent=1))

    def check_signed(self):
        """Copies with one signature. Returns the simplest."""
        stamps = {"stamps": self.authority.timestamps}
        adobe = {"subfilter": fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED}
        certified = {"certify": True, "docmdp_permissions": fields.MDPPerm.NO_CHANGES}
        simple = self.sign(self.original, "b-b.pdf")
        copies = [
            simple,
            self.sign(self.original, "b-b-ecdsa.pdf", signer=self.authority.ec_signer),
            self.sign(self.original, "adobe.pdf", **adobe),
            self.sign(self.original, "visible.pdf", box=(300, 200, 450, 260)),
            self.sign(self.original, "b-t.pdf", **stamps),
            self.sign(self.original, "certified.pdf", **certified),
        ]
        for path in copies:
            self.expect(path, "identical_signed", 1, True)
        newline = self.folder / "newline.pdf"
        newline.write_bytes(self.original.read_bytes() + b"\n")
        self.expect(self.sign(newline, "newline-signed.pdf"), "identical_signed", 1, True)
        second = self.sign(simple, "twice.pdf", field="Signature2", signer=self.authority.ec_signer)
        self.expect(second, "identical_signed", 2, True)
        return simple

    def check_long_term(self):
        """Copies that carry certificates and revocation lists."""
        stamps = {"stamps": self.authority.timestamps, "embed_validation_info": True}
        context = self.authority.validation_context
        long_term = self.sign(self.original, "b-lt.pdf", validation_context=context(), **stamps)
        self.expect(long_term, "identical_signed", 1, True)
        self.expect(long_term, "identical_signed", 1, True, trust=self.root_only)
        archival = {"validation_context": context(), "use_pades_lta": True}
        archived = self.sign(self.original, "b-lta.pdf", **archival, **stamps)
        self.expect(archived, "identical_signed", 2, True)
        self.expect(self.sign(archived, "twice-archived.pdf", field="Signature2"), "identical_signed", 3, True)

    def check_encrypted(self):
        """Copies that qpdf encrypted without a password: other bytes, but valid signatures."""
        for name, options in ENCRYPTIONS.items():
            path = self.folder / f"{name}-plain.pdf"
            command = ["qpdf", "--allow-weak-crypto", "--encrypt", "", "owner", *options, "--", self.original, path]
            subprocess.run(command, check=True)
            signed = self.sign(path, f"{name}.pdf", box=(300, 200, 450, 260))
            self.expect(signed, "rewritten", 1, False)
            result = self.verify(signed, self.trust)["signatures"][0]["judgement"]
            codes = [reason["code"] for reason in result["reasons"]]
            if (result["indication"], codes) != ("TOTAL-PASSED", ["encrypted_file"]):
                self.failed.append(f"{name}: {result['indication']}, {codes}")

    def check_changed(self, signed):
        """Changes to a signed copy."""
        rewritten = self.folder / "rewritten.pdf"
        with pikepdf.open(signed) as pdf:
            pdf.save(rewritten)
        self.expect(rewritten, "rewritten", 1, False)
        forged = self.folder / "forged.pdf"
        forged.write_bytes(signed.read_bytes().replace(b"/F 132", b"/F 130", 1))
        self.expect(forged, "identical_signed", 1, False)
        self.expect(self.annotated(signed), "altered", 1, False)

    def annotated(self, signed):
        """Adds a text box over the first page."""
        path = self.folder / "annotated.pdf"
        with signed.open("rb") as before, path.open("wb") as after:
            writer = IncrementalPdfFileWriter(before)
            page = writer.root["/Pages"]["/Kids"][0]
            entries = {
                "/Type": generic.NameObject("/Annot"),
                "/Subtype": generic.NameObject("/FreeText"),
                "/Contents": generic.TextStringObject("x"),
                "/Rect": generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800))),
            }
            note = generic.DictionaryObject({generic.NameObject(key): value for key, value in entries.items()})
            page["/Annots"].append(writer.add_object(note))
            writer.update_container(page["/Annots"])
            writer.write(after)
        return path


def main():
    authority, failed = Authority(), []
    with tempfile.TemporaryDirectory(prefix="hongtou-signed-") as folder:
        for fixture in FIXTURES:
            print(fixture)
            original = Path(folder) / f"{fixture}.pdf"
            render = [HONGTOU, "render", valid_fixture(fixture), "-o", original]
            subprocess.run(render, check=True, stdout=subprocess.DEVNULL)
            copies = SignedCopies(authority, original, Path(folder) / fixture)
            copies.check_changed(copies.check_signed())
            copies.check_long_term()
            copies.check_encrypted()
            failed += [f"{fixture}: {name}" for name in copies.failed]
    if failed:
        raise CheckFailed("other verdicts: " + ", ".join(failed))


if __name__ == "__main__":
    main()
