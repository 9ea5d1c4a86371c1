//! Verifies signatures with public keys.

use der::asn1::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sm2::dsa::signature::Verifier;

use crate::crypto::algorithm::{self, AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use crate::crypto::der::{DerResult, Malformed, Value, tag};
use crate::crypto::{ecdsa, rsa};

/// The default identity of SM2 signers (GM/T 0009).
pub const SM2_IDENTITY: &str = "1234567812345678";

/// Shorter RSA keys are weak (NIST SP 800-131A, ETSI TS 119 312).
const MIN_RSA_BITS: usize = 2048;

/// `ring` does not support longer RSA keys.
const MAX_RSA_BITS: usize = 8192;

/// The first byte of an uncompressed point; `ring` supports no other encoding.
const UNCOMPRESSED_POINT: Option<&u8> = Some(&4);

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey<'a> {
    /// An `RSAPublicKey` and the length of its modulus in bits.
    Rsa(&'a [u8], usize),
    /// A point on P-256.
    P256(&'a [u8]),
    /// A point on P-384.
    P384(&'a [u8]),
    /// A point on P-521.
    P521(&'a [u8]),
    Ed25519(&'a [u8]),
    /// A point on the SM2 curve.
    Sm2(&'a [u8]),
    /// An unsupported algorithm or curve.
    Unsupported(ObjectIdentifier),
}

/// A key, and the algorithm with which `ring` verifies its signatures.
type RingKey<'a> = (&'a [u8], &'static dyn VerificationAlgorithm);

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// It does not verify.
    Invalid,
    /// Its algorithm does not fit the key.
    KeyMismatch,
    /// The key is too short. The signature was not verified.
    WeakKey(usize),
    /// The digest algorithm is weak. The signature verifies, or was not verified.
    WeakDigest(DigestAlgorithm),
    /// The key's algorithm, or its combination with the digest algorithm, is not supported.
    Unsupported(ObjectIdentifier),
}

impl<'a> PublicKey<'a> {
    /// Reads a `SubjectPublicKeyInfo`.
    pub fn read(value: Value<'a>) -> DerResult<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let identifier = AlgorithmIdentifier::read(fields.next(tag::SEQUENCE)?)?;
        let key = fields.next(tag::BIT_STRING)?.bits()?;
        fields.end()?;
        Ok(match identifier.oid {
            algorithm::RSA | algorithm::RSA_PSS => match modulus_bits(key)? {
                bits if bits <= MAX_RSA_BITS => Self::Rsa(key, bits),
                _ => Self::Unsupported(identifier.oid),
            },
            algorithm::EC => match identifier.curve()? {
                algorithm::P256 if key.first() == UNCOMPRESSED_POINT => Self::P256(key),
                algorithm::P384 if key.first() == UNCOMPRESSED_POINT => Self::P384(key),
                algorithm::P521 => Self::P521(key),
                algorithm::SM2 => Self::Sm2(key),
                other => Self::Unsupported(other),
            },
            algorithm::ED25519 => Self::Ed25519(key),
            other => Self::Unsupported(other),
        })
    }

    /// The name of the algorithm, such as `ECDSA P-256, SHA-256`.
    pub fn describe(&self, algorithm: SignatureAlgorithm) -> String {
        let digest = algorithm.digest().name();
        match (self, algorithm) {
            (Self::Rsa(_, bits), SignatureAlgorithm::Pss(_)) => format!("RSA-PSS {bits}, {digest}"),
            (Self::Rsa(_, bits), _) => format!("RSA {bits}, {digest}"),
            (Self::P256(_), _) => format!("ECDSA P-256, {digest}"),
            (Self::P384(_), _) => format!("ECDSA P-384, {digest}"),
            (Self::P521(_), _) => format!("ECDSA P-521, {digest}"),
            (Self::Ed25519(_), _) => "Ed25519".to_owned(),
            (Self::Sm2(_), _) => format!("SM2, {digest}"),
            (Self::Unsupported(oid), _) => format!("{oid}, {digest}"),
        }
    }

    /// Verifies a signature, and that its algorithm and key are strong enough.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match (*self, algorithm) {
            (Self::Unsupported(oid), _) => return Err(SignatureError::Unsupported(oid)),
            (Self::Rsa(_, bits), SignatureAlgorithm::Pkcs1(_) | SignatureAlgorithm::Pss(_))
                if bits < MIN_RSA_BITS =>
            {
                return Err(SignatureError::WeakKey(bits));
            }
            (Self::Sm2(point), SignatureAlgorithm::Sm2) => {
                return verify_sm2(point, message, signature);
            }
            _ => (),
        }
        if let Some((key, verification)) = self.ring_algorithm(algorithm)? {
            let key = UnparsedPublicKey::new(verification, key);
            key.verify(message, signature).map_err(|_| SignatureError::Invalid)?;
        } else if self.verify_without_ring(algorithm, message, signature) != Ok(true) {
            return Err(SignatureError::Invalid);
        }
        if algorithm.digest().is_weak() {
            return Err(SignatureError::WeakDigest(algorithm.digest()));
        }
        Ok(())
    }

    /// Verifies what `ring_algorithm` has no algorithm for.
    fn verify_without_ring(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> DerResult<bool> {
        let digest = algorithm.digest().hash(&[message]);
        match (*self, algorithm) {
            (Self::Rsa(key, _), SignatureAlgorithm::Pkcs1(digest)) => {
                rsa::verify_pkcs1(key, digest, message, signature)
            }
            (Self::Rsa(key, _), SignatureAlgorithm::Pss(parameters)) => {
                rsa::verify_pss(key, parameters, message, signature)
            }
            (Self::P256(point), _) => ecdsa::verify_p256(point, &digest, signature),
            (Self::P384(point), _) => ecdsa::verify_p384(point, &digest, signature),
            (Self::P521(point), _) => ecdsa::verify_p521(point, &digest, signature),
            _ => Err(Malformed),
        }
    }

    /// The key and `ring`'s verification algorithm; `None` if `verify_without_ring` has it.
    fn ring_algorithm(
        &self,
        algorithm: SignatureAlgorithm,
    ) -> Result<Option<RingKey<'a>>, SignatureError> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512, Sm3};
        use SignatureAlgorithm::{Ecdsa, Pkcs1, Pss};
        if let (Self::Rsa(..), Pss(parameters)) = (*self, algorithm)
            && !parameters.are_usual()
        {
            return Ok(None);
        }
        let (key, verification): (_, &'static dyn VerificationAlgorithm) = match (*self, algorithm)
        {
            (Self::Rsa(key, _), Pkcs1(Sha1)) => {
                (key, &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY)
            }
            (Self::Rsa(key, _), Pkcs1(Sha256)) => (key, &signature::RSA_PKCS1_2048_8192_SHA256),
            (Self::Rsa(key, _), Pkcs1(Sha384)) => (key, &signature::RSA_PKCS1_2048_8192_SHA384),
            (Self::Rsa(key, _), Pkcs1(Sha512)) => (key, &signature::RSA_PKCS1_2048_8192_SHA512),
            (Self::Rsa(key, _), Pss(pss)) if pss.digest == Sha256 => {
                (key, &signature::RSA_PSS_2048_8192_SHA256)
            }
            (Self::Rsa(key, _), Pss(pss)) if pss.digest == Sha384 => {
                (key, &signature::RSA_PSS_2048_8192_SHA384)
            }
            (Self::Rsa(key, _), Pss(pss)) if pss.digest == Sha512 => {
                (key, &signature::RSA_PSS_2048_8192_SHA512)
            }
            (Self::P256(key), Ecdsa(Sha256)) => (key, &signature::ECDSA_P256_SHA256_ASN1),
            (Self::P256(key), Ecdsa(Sha384)) => (key, &signature::ECDSA_P256_SHA384_ASN1),
            (Self::P384(key), Ecdsa(Sha256)) => (key, &signature::ECDSA_P384_SHA256_ASN1),
            (Self::P384(key), Ecdsa(Sha384)) => (key, &signature::ECDSA_P384_SHA384_ASN1),
            (Self::Ed25519(key), SignatureAlgorithm::Ed25519) => (key, &signature::ED25519),
            (Self::P256(_) | Self::P384(_) | Self::P521(_), Ecdsa(Sha1)) => {
                return Err(SignatureError::WeakDigest(Sha1));
            }
            // These combinations are not standardized.
            (Self::P256(_) | Self::P384(_) | Self::P521(_), Ecdsa(Sm3))
            | (Self::Rsa(..), Pkcs1(Sm3)) => {
                return Err(SignatureError::Unsupported(algorithm.digest().oid()));
            }
            (Self::P256(_) | Self::P384(_) | Self::P521(_), Ecdsa(_))
            | (Self::Rsa(..), Pkcs1(_) | Pss(_)) => return Ok(None),
            _ => return Err(SignatureError::KeyMismatch),
        };
        Ok(Some((key, verification)))
    }
}

fn verify_sm2(point: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, point);
    let key = key.map_err(|_| SignatureError::Invalid)?;
    // Makers of national seals also write the two numbers without DER.
    let fixed = match ecdsa::numbers(signature, 32) {
        Err(Malformed) if signature.len() == 64 => signature.to_vec(),
        numbers => numbers.map_err(|_| SignatureError::Invalid)?,
    };
    let signature = sm2::dsa::Signature::from_slice(&fixed).map_err(|_| SignatureError::Invalid)?;
    key.verify(message, &signature).map_err(|_| SignatureError::Invalid)
}

/// The length in bits of the modulus of an `RSAPublicKey`.
fn modulus_bits(key: &[u8]) -> DerResult<usize> {
    let modulus = Value::only(key)?.fields(tag::SEQUENCE)?.any()?.positive()?;
    let unused = modulus.first().map_or(0, |first| first.leading_zeros());
    Ok(modulus.len() * 8 - usize::try_from(unused).map_err(|_| Malformed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes a value of up to 64 KiB.
    fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        match content.len() {
            ..0x80 => [&[tag, low], &content[..]].concat(),
            0x80..0x100 => [&[tag, 0x81, low], &content[..]].concat(),
            _ => [&[tag, 0x82, high, low], &content[..]].concat(),
        }
    }

    fn key(algorithm: &[ObjectIdentifier], bits: &[u8]) -> Vec<u8> {
        let oids: Vec<Vec<u8>> =
            algorithm.iter().map(|oid| value(tag::OID, &[oid.as_bytes()])).collect();
        let identifier = value(tag::SEQUENCE, &[&oids.concat()]);
        value(tag::SEQUENCE, &[&identifier, &value(tag::BIT_STRING, &[&[0], bits])])
    }

    /// Otherwise their signatures would be reported as invalid.
    #[test]
    fn keys_that_ring_does_not_support_are_unsupported() {
        let rsa = |n_bytes: usize| {
            let modulus = value(tag::INTEGER, &[&[0], &vec![0xff; n_bytes]]);
            key(&[algorithm::RSA], &value(tag::SEQUENCE, &[&modulus, &[2, 1, 3]]))
        };
        let point =
            |first: u8| key(&[algorithm::EC, algorithm::P256], &[&[first], &[7; 64][..]].concat());
        let is_unsupported = |spki: &[u8]| {
            matches!(PublicKey::read(Value::only(spki).unwrap()), Ok(PublicKey::Unsupported(_)))
        };
        assert!(!is_unsupported(&rsa(1024)) && is_unsupported(&rsa(1025)));
        assert!(!is_unsupported(&point(4)) && is_unsupported(&point(2)));
    }
}
