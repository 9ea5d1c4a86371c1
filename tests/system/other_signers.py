#!/usr/bin/env python3
"""Signs the seed filing with the programs that others use, and checks the verdicts of `hongtou verify`.

PDFBox with Bouncy Castle, iText 2 and 5, Poppler and cmsutil with NSS, PoDoFo and MuPDF from Debian, @signpdf from
npm. Each signed filing is sound, and fails once a byte is different.
"""

import datetime
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from support import tools
from support.checks import CheckFailed, check
from support.program import HONGTOU, valid_fixture

JAVA = ["libbcpkix-java", "libitext-java", "libitext5-java", "libpdfbox2-java"]
tools.debian("default-jdk-headless", *JAVA)
tools.debian("libnss3-tools", "libpodofo-utils", "mupdf-tools", "nodejs", "npm", "openssl", "poppler-utils")
tools.enter("pyhanko")

from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import PdfSignedData
from support.authority import Authority

SOURCES = Path(__file__).with_name("signers")
JARS = ["bcprov", "bcutil", "bcpkix", "bcmail", "commons-logging", "fontbox2", "pdfbox2", "itext", "itext5"]
PASSWORD = "password"
FIXTURES = ["letter-2023-46", "bazhong-2021-38"]


def run(*command, **settings):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **settings)
    check(done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def class_path():
    """The class path of the signers in Java, which are compiled if a source changed."""
    libraries = ":".join(f"/usr/share/java/{name}.jar" for name in JARS)
    folder, sources = tools.CACHE / "signers", sorted(SOURCES.glob("*.java"))
    content = libraries + "".join(source.read_text() for source in sources)
    tools.installed(folder, content, lambda: tools.run("javac", "-cp", libraries, "-d", folder, *sources))
    return f"{folder}:{libraries}"


class Signers:
    """The keys of one signer as each program wants them, and the programs."""

    def __init__(self, folder):
        self.folder, self.authority = folder, Authority()
        self.trust = self.authority.write_trust(folder / "trust", self.authority.root, self.authority.crl)
        self.keys = folder / "signer.p12"
        self.keys.write_bytes(self.authority.pkcs12(PASSWORD.encode()))
        self.pem = folder / "signer.pem"
        run("openssl", "pkcs12", "-in", self.keys, "-passin", f"pass:{PASSWORD}", "-nodes", "-out", self.pem)
        self.database = folder / "nss"
        self.database.mkdir()
        nss = ["-d", f"sql:{self.database}"]
        run("certutil", "-N", "--empty-password", *nss)
        run("pk12util", "-i", self.keys, "-W", PASSWORD, *nss)
        root = folder / "root.pem"
        root.write_bytes(self.authority.root.public_bytes(serialization.Encoding.PEM))
        run("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i", root, *nss)

    def java(self, name, *options):
        path = class_path()
        return lambda before, after: run("java", "-cp", path, name, before, after, self.keys, PASSWORD, *options)

    def signpdf(self, placeholder):
        modules = tools.npm("signpdf", *tools.SIGNPDF) / "node_modules"
        script = shutil.copy(SOURCES / "signpdf.cjs", modules.parent)
        return lambda before, after: run("node", script, before, after, self.keys, PASSWORD, placeholder)

    def poppler(self, before, after):
        run("pdfsig", "-nssdir", f"sql:{self.database}", "-add-signature", "-nick", "signer", before, after)

    def podofo(self, before, after):
        keys = ["-cert", self.pem, "-pkey", self.pem]
        run("podofosign", "-in", before, "-out", after, *keys, "-field-name", "Office")

    def mupdf(self, before, after):
        """MuPDF signs fields that are there."""
        empty = self.folder / "empty-field.pdf"
        with before.open("rb") as source, empty.open("wb") as target:
            writer = IncrementalPdfFileWriter(source)
            box = (300, 200, 420, 260)
            fields.append_signature_field(writer, fields.SigFieldSpec("Office", box=box, on_page=0))
            number = writer.root["/AcroForm"]["/Fields"].raw_get(-1).idnum
            writer.write(target)
        run("mutool", "sign", "-s", self.keys, "-P", PASSWORD, "-o", after, empty, number)

    def nss(self, before, after):
        """A signature of cmsutil in a space that pyHanko prepares."""
        with before.open("rb") as source, after.open("w+b") as target:
            steps = cms_embedder.PdfCMSEmbedder().write_cms("Office", IncrementalPdfFileWriter(source))
            next(steps)
            kind = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
            now = datetime.datetime.now(datetime.timezone.utc)
            signature = PdfSignedData(generic.pdf_name("/Sig"), subfilter=kind, timestamp=now)
            steps.send(cms_embedder.SigObjSetup(sig_placeholder=signature))
            prepared, _ = steps.send(cms_embedder.SigIOSetup(md_algorithm="sha256", output=target))
            start, end = prepared.reserved_region_start, prepared.reserved_region_end
            target.seek(0)
            bytes_ = target.read()
            content, container = self.folder / "content", self.folder / "container"
            content.write_bytes(bytes_[:start] + bytes_[end:])
            keys = ["-d", f"sql:{self.database}", "-N", "signer", "-Y", "NONE", "-H", "SHA256"]
            run("cmsutil", "-S", "-T", "-G", *keys, "-i", content, "-o", container)
            steps.send(container.read_bytes())


class Verdicts:
    """The verdicts on the signed copies of one filing."""

    def __init__(self, trust, original):
        self.trust, self.original, self.failed = trust, original, []

    def found(self, path):
        """How a file derives from the original, and the judgements of its signatures."""
        command = [HONGTOU, "verify", path, "--json", "--original", self.original, "--trust", self.trust]
        done = subprocess.run(command, capture_output=True, text=True)
        check(done.returncode in (0, 1), f"{path}: {done.stderr}")
        report = json.loads(done.stdout)
        judgements = [one["judgement"] for one in report["signatures"]]
        codes = [[reason["code"] for reason in judgement["reasons"]] for judgement in judgements]
        return report["derivation"]["kind"], [judgement["indication"] for judgement in judgements], codes

    def expect(self, path, *expected):
        """Compares a verdict with the expected one, and finds one changed byte in the signed part."""
        found = self.found(path)
        self.report(path.name, found, expected)
        forged = path.with_name(f"{path.stem}-forged.pdf")
        bytes_ = bytearray(path.read_bytes())
        # The year of the signing time, which every program writes.
        at = bytes_.rindex(b"(D:20") + 6
        bytes_[at] = ord("1") if bytes_[at] != ord("1") else ord("3")
        forged.write_bytes(bytes_)
        _, indications, codes = self.found(forged)
        is_found = indications == ["TOTAL-FAILED"] and codes[0][0] == FORGED.get(path.stem, "document_changed")
        self.report(forged.name, (is_found, indications, codes), (True, indications, codes))

    def report(self, name, found, expected):
        print("ok    " if found == expected else "FAILED", name, *found, flush=True)
        if found != expected:
            self.failed.append(f"{self.original.stem}, {name}: {found} instead of {expected}")


PASSED, BER = ["TOTAL-PASSED"], [["ber_encoding"]]
# How each program's copy derives from the original, and the indication and reasons of its signature.
EXPECTED = {
    "pdfbox": ("identical_signed", PASSED, BER),
    "itext-2": ("identical_signed", PASSED, BER),
    "itext-5": ("identical_signed", PASSED, [[]]),
    "itext-5-pades-visible": ("identical_signed", PASSED, [[]]),
    "poppler": ("identical_signed", PASSED, BER),
    "nss": ("identical_signed", PASSED, BER),
    # This version of MuPDF signs with SHA-1.
    "mupdf": ("identical_signed", ["INDETERMINATE"], [["weak_digest"]]),
    "signpdf-plain": ("identical_signed", PASSED, [[]]),
    # @signpdf writes no certificate attribute, which PAdES requires.
    "signpdf-pades": ("identical_signed", ["INDETERMINATE"], [["certificate_attribute_missing"]]),
    # pdf-lib writes the whole file again before it is signed.
    "signpdf-pdf-lib": ("rewritten", PASSED, [[]]),
    # This version of PoDoFo signs twice in one container, with different digests. pyHanko refuses that, too.
    "podofo": ("identical_signed", ["TOTAL-FAILED"], [["not_one_signer"]]),
}
FORGED = {"podofo": "not_one_signer"}


def programs(signers):
    """How each program signs a file."""
    return {
        "pdfbox": signers.java("SignWithPdfBox"),
        "itext-2": signers.java("SignWithIText2"),
        "itext-5": signers.java("SignWithIText5", "CMS"),
        "itext-5-pades-visible": signers.java("SignWithIText5", "CADES", "visible"),
        "poppler": signers.poppler,
        "nss": signers.nss,
        "mupdf": signers.mupdf,
        "signpdf-plain": signers.signpdf("plain"),
        "signpdf-pades": signers.signpdf("plain-etsi"),
        "signpdf-pdf-lib": signers.signpdf("pdf-lib"),
        "podofo": signers.podofo,
    }


def main():
    failed = []
    with tempfile.TemporaryDirectory(prefix="hongtou-signers-") as folder:
        signers = Signers(Path(folder))
        signed_by = programs(signers)
        for fixture in FIXTURES:
            print(fixture)
            original = Path(folder) / f"{fixture}.pdf"
            run(HONGTOU, "render", valid_fixture(fixture), "-o", original)
            copies = Path(folder) / fixture
            copies.mkdir()
            verdicts = Verdicts(signers.trust, original)
            for name, expected in EXPECTED.items():
                copy = copies / f"{name}.pdf"
                signed_by[name](original, copy)
                verdicts.expect(copy, *expected)
            failed += verdicts.failed
    if failed:
        raise CheckFailed("other verdicts:\n" + "\n".join(failed))


if __name__ == "__main__":
    main()
