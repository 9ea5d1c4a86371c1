//! Keys of signers, each with a certificate.

use der::asn1::ObjectIdentifier;
use rcgen::{CertificateParams, DnType, KeyPair, PublicKeyData, SignatureAlgorithm, SigningKey};
use sm2::dsa::signature::Signer;
use sm2::dsa::signature::hazmat::PrehashSigner;
use sm2::elliptic_curve::sec1::ToSec1Point;

use crate::signer::der;

/// The usual identity of SM2 signers.
const SM2_IDENTITY: &str = "1234567812345678";

/// The object identifiers of the curves P-256 and SM2, in DER.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const SM2: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// A key of `rcgen` and its certificate.
pub(super) struct Key {
    key: KeyPair,
    pub(super) certificate: Vec<u8>,
}

impl Key {
    pub(super) fn new(algorithm: &'static SignatureAlgorithm) -> Self {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let certificate = params().self_signed(&key).unwrap().der().to_vec();
        Self { key, certificate }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).unwrap()
    }
}

/// An SM2 key. Its certificate has the signature of another key, as `rcgen` knows no SM2; nothing here
/// builds a chain.
pub(super) struct Sm2Key {
    key: sm2::dsa::SigningKey,
    pub(super) certificate: Vec<u8>,
}

impl Sm2Key {
    pub(super) fn new() -> Self {
        let key = sm2::dsa::SigningKey::from_slice(SM2_IDENTITY, &[7; 32]).unwrap();
        let point = key.verifying_key().to_sec1_point(false);
        let other = KeyPair::generate().unwrap();
        let certificate = params().self_signed(&other).unwrap().der().to_vec();
        let certificate = replaced(&certificate, other.der_bytes(), point.as_bytes());
        Self { key, certificate: replaced(&certificate, P256, SM2) }
    }

    /// Signs a message with the identity and the key, as r ‖ s.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_vec()
    }

    /// Signs a digest, as r ‖ s.
    pub(super) fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        self.key.sign_prehash(digest).unwrap().to_vec()
    }
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "试验机关");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2060, 1, 1);
    params
}

/// The bytes with the first occurrence of a part replaced by a part of the same length.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = bytes.windows(old.len()).position(|part| part == old).unwrap();
    [&bytes[..at], new, &bytes[at + new.len()..]].concat()
}

/// Encodes an object identifier.
pub(super) fn oid(text: &str) -> Vec<u8> {
    der(0x06, &[ObjectIdentifier::new_unwrap(text).as_bytes()])
}
