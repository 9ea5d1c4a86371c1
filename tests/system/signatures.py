#!/usr/bin/env python3
"""Compares the verdicts on fixtures/signed/ with those of OpenSSL and pyHanko.

`cases.json` has our verdicts, which the Rust tests check. A case that another program judges differently
has the reason under that program's name; any other difference fails. With --verbose every verdict is shown.
"""

import asyncio
import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from support import tools
from support.checks import check
from support.program import ROOT

tools.enter("pyhanko")

from asn1crypto import cms, crl, ocsp, pem, x509
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.policy_decl import LocalKnowledge, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

FOLDER = ROOT / "fixtures/signed"
# `openssl ocsp` compares a response with the clock of the machine. With this tolerance in seconds the
# verdict does not depend on the day of the test.
OCSP_TOLERANCE = 100 * 365 * 86400
CASES = json.loads((FOLDER / "cases.json").read_text())


def read(name):
    return (FOLDER / name).read_bytes()


def read_der(name):
    data = read(name)
    return pem.unarmor(data)[2] if pem.detect(data) else data


class Case:
    """A signature with its trusted certificates, other certificates, revocation lists and OCSP responses."""

    def __init__(self, case):
        self.case = case
        trust = case.get("trust", ["trust.pem", "root.crl", "sub.crl"])
        self.anchors = [read_der(name) for name in trust if not name.endswith(".crl")]
        self.crls = [read_der(name) for name in trust if name.endswith(".crl")]
        self.crls += [read(name) for name in case.get("crls", [])]
        self.certificates = [read(name) for name in case.get("certificates", [])]
        self.responses = [read(name) for name in case.get("ocsp", [])]
        if "store" in case:
            self.certificates += self.stored("cert")
            self.crls += self.stored("crl")
            self.responses += self.stored("ocsp")
        self.name = case["contents"]
        self.contents = read(self.name).rstrip(b"\0")
        self.covered_name = case.get("covered", "document")
        self.format = case.get("format", "cades")
        self.is_revocation_required = case.get("policy") != "if_present"
        self.time = datetime.fromisoformat(case.get("proof_of_existence", case.get("at", "2027-01-01T00:00:00Z")))
        self.unix_time = int(self.time.timestamp())

    def stored(self, kind):
        """Items of the PDF's document security store."""
        paths = sorted(FOLDER.glob(f"{self.case['store']}-dss-*.{kind}"))
        return [path.read_bytes() for path in paths]

    def is_of_kind(self, *kinds):
        return self.name.startswith(kinds) or self.format == "other"


class OpenSsl:
    """The verdicts of `openssl cms`, `openssl ts` and `openssl ocsp`."""

    name = "openssl"

    def __init__(self, folder):
        self.folder = Path(folder)

    def verdict(self, case):
        """Whether the signature passes; None if OpenSSL cannot judge it."""
        if case.is_of_kind("sm2", "seal"):
            return None
        contents = self.file("contents", case.contents)
        trust = self.pem_file("CERTIFICATE", case.anchors)
        common = ["-CAfile", trust, "-attime", case.unix_time]
        if case.format == "rfc3161":
            return self.verifies_timestamp(case, contents, common)
        command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", contents, "-out", "/dev/null"]
        command += ["-content", FOLDER / case.covered_name, *common, "-partial_chain", "-purpose", "any"]
        if case.format == "cades":
            command += ["-cades"]
        if case.certificates:
            command += ["-certfile", self.pem_file("X509 CERTIFICATE", case.certificates)]
        if case.responses:
            # `openssl cms` does not use OCSP, but `openssl ocsp` verifies a response.
            return passes(command) and all(self.is_good(case, response) for response in case.responses)
        if case.is_revocation_required:
            # `openssl cms` reads revocation lists only from the file of trusted certificates.
            crls = self.pem_file("X509 CRL", case.crls).read_bytes()
            trust.write_bytes(trust.read_bytes() + crls)
            command += ["-crl_check_all"]
        return passes(command)

    def verifies_timestamp(self, case, contents, common):
        # `openssl ts` does not check revocation.
        command = ["ts", "-verify", "-token_in", "-in", contents, "-data", FOLDER / case.covered_name, *common]
        if case.certificates:
            command += ["-untrusted", self.pem_file("X509 CERTIFICATE", case.certificates)]
        return passes(command)

    def is_good(self, case, response):
        """Whether an OCSP response of the issuer says that the signer's certificate is good."""
        data = cms.ContentInfo.load(read(case.name))["content"]
        number = data["signer_infos"][0]["sid"].chosen["serial_number"].native
        certificates = [item.chosen for item in data["certificates"]]
        signer = next(one for one in certificates if one.serial_number == number and not one.ca)
        issuer = next(one for one in certificates if one.subject == signer.issuer)
        signer_path = self.file("signer", signer.dump())
        issuer_path = self.file("issuer.pem", pem.armor("CERTIFICATE", issuer.dump()))
        command = ["ocsp", "-respin", self.file("response", response), "-issuer", issuer_path]
        command += ["-cert", signer_path, "-CAfile", issuer_path, "-partial_chain", "-no_nonce"]
        command += ["-attime", case.unix_time, "-validity_period", OCSP_TOLERANCE]
        done = openssl(command)
        output = done.stdout + done.stderr
        return "Response verify OK" in output and f"{signer_path}: good" in output

    def pem_file(self, kind, ders):
        return self.file(kind.replace(" ", "-"), b"".join(pem.armor(kind, der) for der in ders))

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    @staticmethod
    def agrees(case, verdict):
        return verdict == (case["verdict"] == "TOTAL-PASSED")


def openssl(command):
    return subprocess.run(["openssl", *map(str, command)], capture_output=True, text=True)


def passes(command):
    return openssl(command).returncode == 0


class PyHanko:
    """The indication and sub-indication of EN 319 102-1 that pyHanko finds."""

    name = "pyhanko"

    def verdict(self, case):
        """None if pyHanko cannot judge the signature."""
        # For the mesh it tries every chain of CAs that certify each other, which takes hours.
        if case.is_of_kind("sm2", "seal", "mesh"):
            return None
        try:
            found = self.validate(case).ades_subindic
        except Exception as error:
            return "NONE", type(error).__name__
        if found.status.name == "PASSED":
            return "TOTAL-PASSED", None
        indication = {"FAILED": "TOTAL-FAILED", "INDETERMINATE": "INDETERMINATE"}[found.status.name]
        return indication, found.standard_name

    def validate(self, case):
        spec, covered = self.specification(case), read(case.covered_name)
        info = cms.ContentInfo.load(case.contents, strict=True)
        data = info["content"]
        # Parses everything, which fails if the encoding is malformed.
        data.native
        timing = ValidationTimingInfo(
            validation_time=case.time, best_signature_time=case.time, point_in_time_validation=True
        )
        if case.format == "rfc3161":
            digest = lambda name: hashlib.new(name, covered).digest()
            return asyncio.run(ades_timestamp_validation(data, spec, digest, timing_info=timing))
        signer = data["signer_infos"][0]
        digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, covered).digest()
        attributes = signer["unsigned_attrs"] or []
        is_stamped = any(one["type"].native == "signature_time_stamp_token" for one in attributes)
        validation = ades_with_time_validation if is_stamped else ades_basic_validation
        return asyncio.run(validation(data, spec, timing_info=timing, raw_digest=digest))

    @staticmethod
    def specification(case):
        anchors = [x509.Certificate.load(der) for der in case.anchors]
        revocation = REQUIRE_REVINFO if case.is_revocation_required else NO_REVOCATION
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(anchors),
            revinfo_policy=CertRevTrustPolicy(revocation),
        )
        responses = [ocsp.OCSPResponse.load(der) for der in case.responses]
        known = LocalKnowledge(
            known_certs=[x509.Certificate.load(der) for der in case.certificates],
            known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in case.crls],
            known_ocsps=[one for response in responses for one in OCSPContainer.load_multi(response)],
        )
        return SignatureValidationSpec(
            cert_validation_policy=policy, ts_cert_validation_policy=policy, local_knowledge=known
        )

    @staticmethod
    def agrees(case, verdict):
        return verdict[0] == case["verdict"]


def main():
    tools.debian("openssl")
    logging.disable(logging.CRITICAL)
    differences, n_same, n_explained = [], 0, 0
    with tempfile.TemporaryDirectory(prefix="hongtou-signatures-") as folder:
        for case in CASES:
            for program in (OpenSsl(folder), PyHanko()):
                verdict = program.verdict(Case(case))
                if "--verbose" in sys.argv:
                    print(case["contents"], case["verdict"], case.get("sub_indication"), program.name, verdict)
                if verdict is None:
                    continue
                is_same, is_explained = program.agrees(case, verdict), program.name in case
                n_same, n_explained = n_same + is_same, n_explained + (not is_same)
                if is_same == is_explained:
                    differences.append(f"{program.name} finds {verdict}: {json.dumps(case)}")
    print(f"{len(CASES)} cases: {n_same} verdicts of OpenSSL and pyHanko agree with ours, {n_explained} differ")
    check(not differences, "differences without a reason, or reasons without one:\n" + "\n".join(differences))
    print("each difference has a reason in cases.json")


if __name__ == "__main__":
    main()
