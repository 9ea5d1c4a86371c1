#!/usr/bin/env python3
"""Signs a PDF with a certificate that nobody trusts: sign_pdf.py IN OUT"""

import datetime
import sys
import tempfile
from pathlib import Path

from support import tools

tools.enter("pyhanko")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers


def signer():
    """A signer with a new key and a certificate of its own making."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    with tempfile.TemporaryDirectory() as folder:
        key_file, certificate_file = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        encoding = pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        key_file.write_bytes(key.private_bytes(*encoding))
        certificate_file.write_bytes(certificate.public_bytes(pem))
        return signers.SimpleSigner.load(str(key_file), str(certificate_file))


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file, open(target, "wb") as signed:
        metadata = signers.PdfSignatureMetadata(field_name="Seal")
        signers.sign_pdf(IncrementalPdfFileWriter(file), metadata, signer=signer(), output=signed)


if __name__ == "__main__":
    main()
