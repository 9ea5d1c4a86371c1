"""Signs a PDF with pyHanko and holds `hongtou verify` to it: signed-pdfs.py HONGTOU PDF FOLDER."""

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

HONGTOU, OURS, OUT = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def der(item):
    return item.public_bytes(serialization.Encoding.DER)


def certificate(subject, key, issuer, issuer_key, is_authority=False, purpose=None):
    usage = x509.KeyUsage(
        not is_authority, not is_authority, False, False, False, is_authority, is_authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject)).issuer_name(name(issuer))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY).not_valid_after(NOW + 3650 * DAY)
        .add_extension(x509.BasicConstraints(is_authority, None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), True)
    return builder.sign(issuer_key, hashes.SHA256())


def loaded(key):
    return asn1_keys.PrivateKeyInfo.load(key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


root_key = rsa.generate_private_key(65537, 3072)
root = certificate("Authority", root_key, "Authority", root_key, is_authority=True)
revoked = (
    x509.CertificateRevocationListBuilder().issuer_name(name("Authority"))
    .last_update(NOW - DAY / 24).next_update(NOW + 30 * DAY)
    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
    .add_extension(x509.CRLNumber(1), False).sign(root_key, hashes.SHA256()))
stamp_key = rsa.generate_private_key(65537, 3072)
stamp = certificate("Stamps", stamp_key, "Authority", root_key, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
root_asn1 = asn1_x509.Certificate.load(der(root))
store = SimpleCertificateStore.from_certs([root_asn1])


def signer(key):
    own = certificate("Signer", key, "Authority", root_key)
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(der(own)), signing_key=loaded(key), cert_registry=store)


RSA = signer(rsa.generate_private_key(65537, 3072))
EC = signer(ec.generate_private_key(ec.SECP256R1()))
STAMPS = timestamps.DummyTimeStamper(
    tsa_cert=asn1_x509.Certificate.load(der(stamp)), tsa_key=loaded(stamp_key), certs_to_embed=store)


def context():
    return ValidationContext(
        trust_roots=[root_asn1], crls=[asn1_crl.CertificateList.load(der(revoked))],
        allow_fetching=False, revocation_mode="require")


def sign(source, target, field="Signature1", who=RSA, stamps=None, box=None, pades=True, **wishes):
    wishes.setdefault("subfilter", fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    spec = fields.SigFieldSpec(field, on_page=0, box=box) if box else None
    with open(source, "rb") as before, open(OUT / target, "wb") as after:
        signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=field, **wishes),
            signer=who, timestamper=stamps, new_field_spec=spec,
        ).sign_pdf(IncrementalPdfFileWriter(before), output=after)
    return OUT / target


def verdict(path, *more):
    command = [HONGTOU, "verify", str(path), "--json", "--original", str(OURS), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{path}: {done.stderr}")
    report = json.loads(done.stdout)
    if report["passed"] != (done.returncode == 0):
        sys.exit(f"{path}: exit code {done.returncode}, passed {report['passed']}")
    return report


FAULTS = []


def expect(path, kind, n_signatures, passed, trust="trust"):
    report = verdict(path, "--trust", str(OUT / trust))
    found = (report["derivation"]["kind"], len(report["signatures"]), report["passed"])
    is_right = found == (kind, n_signatures, passed)
    print("holds" if is_right else "FAULT", path.name, *found)
    if not is_right:
        FAULTS.append(path)
        print(json.dumps(report, ensure_ascii=False, indent=1))


for folder, items in {"trust": [root, revoked], "alone": [root]}.items():
    (OUT / folder).mkdir(parents=True)
    for number, item in enumerate(items):
        (OUT / folder / f"{number}.pem").write_bytes(item.public_bytes(serialization.Encoding.PEM))

long_term = {"embed_validation_info": True}
good = {
    "b-b.pdf": sign(OURS, "b-b.pdf"),
    "b-b-ecdsa.pdf": sign(OURS, "b-b-ecdsa.pdf", who=EC),
    "adobe.pdf": sign(OURS, "adobe.pdf", pades=False),
    "visible.pdf": sign(OURS, "visible.pdf", box=(300, 200, 450, 260)),
    "b-t.pdf": sign(OURS, "b-t.pdf", stamps=STAMPS),
    "b-lt.pdf": sign(OURS, "b-lt.pdf", stamps=STAMPS, validation_context=context(), **long_term),
    "certified.pdf": sign(OURS, "certified.pdf", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES),
}
for path in good.values():
    expect(path, "identical_signed", 1, True)
expect(good["b-lt.pdf"], "identical_signed", 1, True, trust="alone")
archived = sign(OURS, "b-lta.pdf", stamps=STAMPS, validation_context=context(), use_pades_lta=True, **long_term)
expect(archived, "identical_signed", 2, True)
expect(sign(good["b-b.pdf"], "twice.pdf", field="Signature2", who=EC), "identical_signed", 2, True)
expect(sign(archived, "twice-archived.pdf", field="Signature2"), "identical_signed", 3, True)
newline = OUT / "newline.pdf"
newline.write_bytes(OURS.read_bytes() + b"\n")
expect(sign(newline, "newline-signed.pdf"), "identical_signed", 1, True)

# What was done to them shows.
with pikepdf.open(good["b-b.pdf"]) as pdf:
    pdf.save(OUT / "saved-anew.pdf")
expect(OUT / "saved-anew.pdf", "rewritten", 1, False)
forged = OUT / "forged.pdf"
forged.write_bytes(good["b-b.pdf"].read_bytes().replace(b"/F 132", b"/F 130", 1))
expect(forged, "identical_signed", 1, False)
with open(good["b-b.pdf"], "rb") as before, open(OUT / "noted.pdf", "wb") as after:
    from pyhanko.pdf_utils import generic

    writer = IncrementalPdfFileWriter(before)
    page = writer.root["/Pages"]["/Kids"][0]
    note = writer.add_object(generic.DictionaryObject({
        generic.NameObject("/Type"): generic.NameObject("/Annot"),
        generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
        generic.NameObject("/Contents"): generic.TextStringObject("x"),
        generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))}))
    page["/Annots"].append(note)
    writer.update_container(page["/Annots"])
    writer.write(after)
expect(OUT / "noted.pdf", "altered", 1, False)
sys.exit(1 if FAULTS else 0)
