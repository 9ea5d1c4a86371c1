"""Judges fixtures/signed/cases.json with OpenSSL and pyHanko: signatures.py [--verbose]."""

import asyncio
import hashlib
import json
import logging
import pathlib
import subprocess
import sys
import tempfile
from datetime import datetime

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

FOLDER = pathlib.Path("fixtures/signed")
CASES = json.loads((FOLDER / "cases.json").read_text())
WORK = pathlib.Path(tempfile.mkdtemp())
logging.disable(logging.CRITICAL)


def read(name):
    return (FOLDER / name).read_bytes()


def items(case):
    """Trusted certificates, other certificates, lists and responses of a case, in DER."""
    anchors, certificates, crls, responses = [], [], [], []
    for name in case.get("trust", ["trust.pem", "root.crl", "sub.crl"]):
        data = read(name)
        if pem.detect(data):
            data = pem.unarmor(data)[2]
        (crls if name.endswith(".crl") else anchors).append(data)
    certificates += [read(name) for name in case.get("certificates", [])]
    crls += [read(name) for name in case.get("crls", [])]
    responses += [read(name) for name in case.get("ocsp", [])]
    if "store" in case:
        for suffix, found in [("cert", certificates), ("crl", crls), ("ocsp", responses)]:
            paths = sorted(FOLDER.glob(f"{case['store']}-dss-*.{suffix}"))
            found += [path.read_bytes() for path in paths]
    return anchors, certificates, crls, responses


def moment(case):
    text = case.get("proven_at", case.get("at", "2027-01-01T00:00:00Z"))
    return datetime.fromisoformat(text)


def armoured(kind, ders):
    path = WORK / kind.replace(" ", "-")
    path.write_bytes(b"".join(pem.armor(kind, der) for der in ders))
    return path


def by_openssl(case):
    """Whether `openssl cms -verify` or `openssl ts -verify` passes it; None where it cannot say."""
    anchors, certificates, crls, responses = items(case)
    if case["contents"].startswith(("sm2", "seal")) or case.get("format") == "other":
        return None
    contents = WORK / "contents"
    contents.write_bytes(read(case["contents"]).rstrip(b"\0"))
    store = armoured("CERTIFICATE", anchors)
    at = str(int(moment(case).timestamp()))
    if case.get("format") == "rfc3161":
        # `openssl ts` asks for no revocation.
        command = ["ts", "-verify", "-token_in", "-in", contents, "-data",
                   FOLDER / case.get("covered", "document"), "-CAfile", store, "-attime", at]
        with_others = ["-untrusted", armoured("X509 CERTIFICATE", certificates)] if certificates else []
        return passes([*command, *with_others])
    command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", contents, "-content",
               FOLDER / case.get("covered", "document"), "-CAfile", store, "-attime", at,
               "-partial_chain", "-out", "/dev/null", "-purpose", "any"]
    if case.get("format", "cades") == "cades":
        command += ["-cades"]
    if certificates:
        command += ["-certfile", armoured("X509 CERTIFICATE", certificates)]
    if responses:
        # `openssl cms` asks nobody; `openssl ocsp` reads what was answered.
        return passes(command) and all(is_good(case, response) for response in responses)
    if case.get("policy") != "if_present":
        # `openssl cms` takes lists from the store alone.
        with store.open("ab") as file:
            file.write(armoured("X509 CRL", crls).read_bytes())
        command += ["-crl_check_all"]
    return passes(command)


def is_good(case, response):
    """Whether a response says of the signer's certificate, by its issuer's word, that it is good."""
    data = cms.ContentInfo.load(read(case["contents"]))["content"]
    number = data["signer_infos"][0]["sid"].chosen["serial_number"].native
    certificates = [item.chosen for item in data["certificates"]]
    signer = next(one for one in certificates if one.serial_number == number and not one.ca)
    issuer = next(one for one in certificates if one.subject == signer.issuer)
    paths = {}
    for name, der in [("response", response), ("signer", signer.dump())]:
        paths[name] = WORK / name
        paths[name].write_bytes(der)
    issuer_path = WORK / "issuer.pem"
    issuer_path.write_bytes(pem.armor("CERTIFICATE", issuer.dump()))
    command = ["ocsp", "-respin", paths["response"], "-issuer", issuer_path, "-cert", paths["signer"], "-CAfile",
               issuer_path, "-partial_chain", "-no_nonce"]
    done = subprocess.run(["openssl", *map(str, command)], capture_output=True, text=True)
    said = done.stdout + done.stderr
    return "Response verify OK" in said and f"{paths['signer']}: good" in said


def passes(command):
    done = subprocess.run(["openssl", *map(str, command)], capture_output=True)
    return done.returncode == 0


def by_pyhanko(case):
    """The indication and sub-indication of EN 319 102-1 with time; None where it cannot say."""
    # It tries every way through authorities that vouch for each other, for hours.
    unknown = ("sm2", "seal", "mesh")
    if case["contents"].startswith(unknown) or case.get("format") == "other":
        return None
    anchors, certificates, crls, responses = items(case)
    is_required = case.get("policy") != "if_present"
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([x509.Certificate.load(der) for der in anchors]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO if is_required else NO_REVOCATION),
    )
    known = LocalKnowledge(
        known_certs=[x509.Certificate.load(der) for der in certificates],
        known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in crls],
        known_ocsps=[
            container
            for der in responses
            for container in OCSPContainer.load_multi(ocsp.OCSPResponse.load(der))
        ],
    )
    spec = SignatureValidationSpec(
        cert_validation_policy=policy, ts_cert_validation_policy=policy, local_knowledge=known
    )
    covered = read(case.get("covered", "document"))
    try:
        info = cms.ContentInfo.load(read(case["contents"]).rstrip(b"\0"), strict=True)
        data = info["content"]
        data.native
        timing = ValidationTimingInfo(
            validation_time=moment(case), best_signature_time=moment(case), point_in_time_validation=True
        )
        if case.get("format") == "rfc3161":
            result = ades_timestamp_validation(
                data, spec, lambda name: hashlib.new(name, covered).digest(), timing_info=timing
            )
        else:
            signer = data["signer_infos"][0]
            digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, covered).digest()
            is_stamped = any(
                attribute["type"].native == "signature_time_stamp_token"
                for attribute in signer["unsigned_attrs"] or []
            )
            validate = ades_with_time_validation if is_stamped else ades_basic_validation
            result = validate(data, spec, timing_info=timing, raw_digest=digest)
        result = asyncio.run(result)
    except Exception as fault:
        return "NONE", type(fault).__name__
    found = result.ades_subindic
    if found.status.name == "PASSED":
        return "TOTAL-PASSED", None
    status = {"FAILED": "TOTAL-FAILED", "INDETERMINATE": "INDETERMINATE"}[found.status.name]
    return status, found.standard_name


def main():
    faults, n_same, n_otherwise = [], 0, 0
    for case in CASES:
        ours = case["verdict"], case.get("sub_indication")
        passed = ours[0] == "TOTAL-PASSED"
        openssl, pyhanko = by_openssl(case), by_pyhanko(case)
        if "--verbose" in sys.argv:
            print(case["contents"], ours, openssl, pyhanko)
        for name, found, is_same in [
            ("openssl", openssl, openssl == passed),
            ("pyhanko", pyhanko, pyhanko is not None and pyhanko[0] == ours[0]),
        ]:
            if found is None:
                continue
            n_same, n_otherwise = n_same + is_same, n_otherwise + (not is_same)
            if is_same == (name in case):
                faults.append(f"{name} says {found}: {json.dumps(case)}")
    print(f"{len(CASES)} cases: {n_same} verdicts of OpenSSL and pyHanko are ours, "
          f"{n_otherwise} are not, each for the reason that is written beside it")
    if faults:
        sys.exit("\n".join(faults))


main()
