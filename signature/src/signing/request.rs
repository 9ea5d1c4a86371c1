//! What a signer signs when only a signature value comes back: the signed attributes (RFC 5652, 5.4).

use der::asn1::ObjectIdentifier;
use sm3::{Digest, Sm3};

use crate::cms::attributes::{CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2};
use crate::cms::signed_data::{DATA, SIGNED_DATA};
use crate::crypto::algorithm::{self, DigestAlgorithm};
use crate::crypto::ber::encoded;
use crate::crypto::der::tag;
use crate::crypto::ecdsa::numbers;
use crate::crypto::public_key::{PublicKey, SM2_IDENTITY};
use crate::signing::prepared::PreparedPdf;
use crate::x509::certificate::Certificate;

/// The most certificates of a chain.
const MAX_CERTIFICATES: usize = 16;

/// The coefficients of the SM2 curve and the coordinates of its base point (GB/T 32918.5), which are
/// hashed with the key of a signer.
const SM2_PARAMETERS: &str = "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc\
     28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93\
     32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
     bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";

/// Why a chain of certificates cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnusableCertificates {
    /// There is none, or there are too many.
    Count,
    /// One cannot be read.
    Unreadable,
    /// The key of the signer has an algorithm that is not supported.
    Key,
}

/// What a signer with a known certificate signs.
#[derive(Debug, Clone)]
pub struct SigningRequest {
    /// The signed attributes as a SET, in DER.
    attributes: Vec<u8>,
    /// The certificates, the signer's first.
    certificates: Vec<Vec<u8>>,
    signer: Signer,
}

/// The certificate of the signer.
#[derive(Debug, Clone)]
struct Signer {
    issuer_and_serial: Vec<u8>,
    digest: DigestAlgorithm,
    /// The algorithm of the signature: the object identifier, and its parameters in DER.
    algorithm: (ObjectIdentifier, &'static [u8]),
    /// The length of each number of a signature that consists of two.
    number_bytes: Option<usize>,
    /// The digest of the identity and the key, which is signed with each message (GB/T 32918.2, ZA).
    sm2_prefix: Option<Vec<u8>>,
}

impl SigningRequest {
    /// The request for a prepared file. The certificates are in DER, the signer's first.
    ///
    /// # Errors
    /// Fails if the certificates cannot be used.
    pub fn new(
        prepared: &PreparedPdf,
        certificates: Vec<Vec<u8>>,
    ) -> Result<Self, UnusableCertificates> {
        if certificates.len() > MAX_CERTIFICATES {
            return Err(UnusableCertificates::Count);
        }
        let read = certificates.iter().map(|one| Certificate::read(one));
        let read: Vec<_> =
            read.collect::<Result<_, _>>().map_err(|_| UnusableCertificates::Unreadable)?;
        let certificate = read.first().ok_or(UnusableCertificates::Count)?;
        let signer = Signer::of(certificate)?;
        let message_digest = signer.digest.hash(&prepared.covered());
        let mut attributes = [
            attribute(CONTENT_TYPE, &oid(DATA[0])),
            attribute(MESSAGE_DIGEST, &encoded(tag::OCTET_STRING, &message_digest)),
            attribute(SIGNING_CERTIFICATE_V2, &signing_certificate(certificate, signer.digest)),
        ];
        // DER sorts the elements of a SET by their encoding.
        attributes.sort();
        let attributes = encoded(tag::SET, &attributes.concat());
        Ok(Self { attributes, certificates, signer })
    }

    /// The signed attributes in DER, for signers that hash what they sign.
    pub fn data_to_be_signed(&self) -> &[u8] {
        &self.attributes
    }

    /// The digest of the signed attributes, for signers that sign a digest. For SM2 it includes the
    /// identity and the key of the signer. `None` for Ed25519, which signs no digest.
    pub fn hash(&self) -> Option<Vec<u8>> {
        let Signer { digest, algorithm, sm2_prefix, .. } = &self.signer;
        if algorithm.0 == algorithm::ED25519 {
            return None;
        }
        let prefix = sm2_prefix.as_deref().unwrap_or_default();
        Some(digest.hash(&[prefix, &self.attributes]))
    }

    /// The object identifier of the digest algorithm.
    pub fn hash_algorithm(&self) -> String {
        self.signer.digest.oid().to_string()
    }

    /// The object identifier of the signature algorithm.
    pub fn signature_algorithm(&self) -> String {
        self.signer.algorithm.0.to_string()
    }

    /// The CMS container with a signature value (RFC 5652, 5.1). The value is not verified.
    pub fn container(&self, signature: &[u8]) -> Vec<u8> {
        let Signer { issuer_and_serial, digest, algorithm, .. } = &self.signer;
        let version = encoded(tag::INTEGER, &[1]);
        let digest = encoded(tag::SEQUENCE, &oid(digest.oid()));
        let algorithm = encoded(tag::SEQUENCE, &[&oid(algorithm.0), algorithm.1].concat());
        // `[0] IMPLICIT`: the same content with another tag.
        let [_, attributes @ ..] = self.attributes.as_slice() else { return Vec::new() };
        let attributes = [&[tag::context(0)], attributes].concat();
        let signature = encoded(tag::OCTET_STRING, &self.in_der(signature));
        let signer = [&version, issuer_and_serial, &digest, &attributes, &algorithm, &signature];
        let signer = encoded(tag::SEQUENCE, &signer.map(Vec::as_slice).concat());
        let mut certificates = self.certificates.clone();
        certificates.sort();
        certificates.dedup();
        let signed_data = [
            version,
            encoded(tag::SET, &digest),
            encoded(tag::SEQUENCE, &oid(DATA[0])),
            encoded(tag::context(0), &certificates.concat()),
            encoded(tag::SET, &signer),
        ];
        let signed_data = encoded(tag::SEQUENCE, &signed_data.concat());
        let content = encoded(tag::context(0), &signed_data);
        encoded(tag::SEQUENCE, &[oid(SIGNED_DATA[0]), content].concat())
    }

    /// The signature in DER. Some signers return the two numbers of a signature one after the other.
    fn in_der(&self, signature: &[u8]) -> Vec<u8> {
        match self.signer.number_bytes {
            Some(length)
                if signature.len() == 2 * length && numbers(signature, length).is_err() =>
            {
                let integers: Vec<u8> = signature.chunks(length).flat_map(integer).collect();
                encoded(tag::SEQUENCE, &integers)
            }
            _ => signature.to_vec(),
        }
    }
}

impl Signer {
    fn of(certificate: &Certificate<'_>) -> Result<Self, UnusableCertificates> {
        const NULL: &[u8] = &[tag::NULL, 0];
        let (digest, algorithm, parameters, number_bytes) = match certificate.key {
            PublicKey::Rsa(..) => (DigestAlgorithm::Sha256, algorithm::SHA256_WITH_RSA, NULL, None),
            PublicKey::P256(_) => {
                (DigestAlgorithm::Sha256, algorithm::ECDSA_WITH_SHA256, &[][..], Some(32))
            }
            PublicKey::P384(_) => {
                (DigestAlgorithm::Sha384, algorithm::ECDSA_WITH_SHA384, &[][..], Some(48))
            }
            PublicKey::P521(_) => {
                (DigestAlgorithm::Sha512, algorithm::ECDSA_WITH_SHA512, &[][..], Some(66))
            }
            PublicKey::Ed25519(_) => (DigestAlgorithm::Sha512, algorithm::ED25519, &[][..], None),
            PublicKey::Sm2(_) => (DigestAlgorithm::Sm3, algorithm::SM2_WITH_SM3, &[][..], Some(32)),
            PublicKey::Unsupported(_) => return Err(UnusableCertificates::Key),
        };
        let sm2_prefix = match certificate.key {
            PublicKey::Sm2(point) => Some(sm2_prefix(point).ok_or(UnusableCertificates::Key)?),
            _ => None,
        };
        let serial = encoded(tag::INTEGER, certificate.serial);
        let issuer_and_serial = encoded(tag::SEQUENCE, &[certificate.issuer_der, &serial].concat());
        let algorithm = (algorithm, parameters);
        Ok(Self { issuer_and_serial, digest, algorithm, number_bytes, sm2_prefix })
    }
}

/// The SM3 digest of the usual identity, the curve and a public key.
fn sm2_prefix(point: &[u8]) -> Option<Vec<u8>> {
    let [4, coordinates @ ..] = point else { return None };
    if coordinates.len() != 64 {
        return None;
    }
    let mut hash = Sm3::new();
    hash.update(u16::try_from(SM2_IDENTITY.len() * 8).ok()?.to_be_bytes());
    hash.update(SM2_IDENTITY);
    hash.update(hex::decode(SM2_PARAMETERS).ok()?);
    hash.update(coordinates);
    Some(hash.finalize().to_vec())
}

/// The value of `signingCertificateV2` (RFC 5035): the digest of the certificate of the signer.
fn signing_certificate(certificate: &Certificate<'_>, digest: DigestAlgorithm) -> Vec<u8> {
    let hash = encoded(tag::OCTET_STRING, &digest.hash(&[certificate.der]));
    let id = match digest {
        // The default, which DER leaves out.
        DigestAlgorithm::Sha256 => hash,
        other => [encoded(tag::SEQUENCE, &oid(other.oid())), hash].concat(),
    };
    encoded(tag::SEQUENCE, &encoded(tag::SEQUENCE, &encoded(tag::SEQUENCE, &id)))
}

fn attribute(name: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    encoded(tag::SEQUENCE, &[oid(name), encoded(tag::SET, value)].concat())
}

fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    encoded(tag::OID, oid.as_bytes())
}

/// A positive integer, given with leading zeros.
fn integer(digits: &[u8]) -> Vec<u8> {
    let n_zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = &digits[n_zeros..];
    let sign: &[u8] = if digits.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
    encoded(tag::INTEGER, &[sign, digits].concat())
}
