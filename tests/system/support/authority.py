"""An authority for tests: a root certificate, a revocation list, signers and time stamps.

Only scripts that have entered the environment "pyhanko" import it.
"""

import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign import signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def rsa_key():
    return rsa.generate_private_key(65537, 3072)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def asn1_certificate(certificate):
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def asn1_key(key):
    encoding = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return asn1_keys.PrivateKeyInfo.load(key.private_bytes(*encoding))


class Authority:
    """A root certificate, an empty revocation list, signers and a time-stamping service."""

    def __init__(self):
        self.key = rsa_key()
        self.root = self.certificate("Authority", self.key, is_authority=True)
        self.crl = (
            x509.CertificateRevocationListBuilder().issuer_name(name("Authority"))
            .last_update(NOW - DAY / 24).next_update(NOW + 30 * DAY)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
            .add_extension(x509.CRLNumber(1), False).sign(self.key, hashes.SHA256())
        )
        self.store = SimpleCertificateStore.from_certs([asn1_certificate(self.root)])
        self.rsa_signer = self.signer(rsa_key())
        self.ec_signer = self.signer(ec.generate_private_key(ec.SECP256R1()))
        self.timestamps = self.timestamp_service(rsa_key())

    def certificate(self, subject, key, is_authority=False, purpose=None):
        usage = [not is_authority] * 2 + [False] * 3 + [is_authority] * 2 + [False] * 2
        issuer_key = self.key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject)).issuer_name(name("Authority"))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(NOW - DAY).not_valid_after(NOW + 3650 * DAY)
            .add_extension(x509.BasicConstraints(is_authority, None), True)
            .add_extension(x509.KeyUsage(*usage), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False)
        )
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), True)
        return builder.sign(self.key, hashes.SHA256())

    def signer(self, key):
        certificate = asn1_certificate(self.certificate("Signer", key))
        return signers.SimpleSigner(signing_cert=certificate, signing_key=asn1_key(key), cert_registry=self.store)

    def timestamp_service(self, key):
        certificate = self.certificate("Stamps", key, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
        return timestamps.DummyTimeStamper(
            tsa_cert=asn1_certificate(certificate), tsa_key=asn1_key(key), certs_to_embed=self.store
        )

    def pkcs12(self, password):
        """A new signer in PKCS#12, with the root certificate."""
        key = rsa_key()
        certificate = self.certificate("Signer", key)
        encryption = serialization.BestAvailableEncryption(password)
        return pkcs12.serialize_key_and_certificates(b"signer", key, certificate, [self.root], encryption)

    def validation_context(self):
        crl = asn1_crl.CertificateList.load(self.crl.public_bytes(serialization.Encoding.DER))
        return ValidationContext(
            trust_roots=[asn1_certificate(self.root)], crls=[crl], allow_fetching=False, revocation_mode="require"
        )

    def write_trust(self, folder, *items):
        """Writes a folder for `hongtou verify --trust`."""
        folder.mkdir()
        for number, item in enumerate(items):
            (folder / f"{number}.pem").write_bytes(item.public_bytes(serialization.Encoding.PEM))
        return folder
