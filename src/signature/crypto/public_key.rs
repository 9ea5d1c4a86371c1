//! Public keys, and whether a signature comes from one.

use der::asn1::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sm2::dsa::signature::Verifier;

use crate::signature::crypto::algorithm::{self, Digest, Identifier, Signing};
use crate::signature::crypto::der::{Malformed, Read, Value, tag};

/// The identity that signers and verifiers of SM2 agree on where nothing else is said (GM/T 0009).
const SM2_IDENTITY: &str = "1234567812345678";

/// RSA keys of fewer bits are weak (NIST SP 800-131A, ETSI TS 119 312).
const FEWEST_RSA_BITS: usize = 2048;

/// `ring` knows no longer RSA keys.
const MOST_RSA_BITS: usize = 8192;

/// How a point begins whose both coordinates are written; `ring` knows no other way.
const BOTH_COORDINATES: Option<&u8> = Some(&4);

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey<'a> {
    /// An `RSAPublicKey`, and the bits of its modulus.
    Rsa(&'a [u8], usize),
    /// A point on the curve P-256.
    P256(&'a [u8]),
    /// A point on the curve P-384.
    P384(&'a [u8]),
    /// A point on the curve of SM2.
    Sm2(&'a [u8]),
    /// Of an algorithm or on a curve that this program does not know.
    Unknown(ObjectIdentifier),
}

/// A signature does not hold, or cannot be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFault {
    /// It is not the key's signature of this message.
    Broken,
    /// Its algorithm is not one of the key's.
    OtherKey,
    /// The key is too short; whether the signature is its own was not asked.
    WeakKey(usize),
    /// The digest is too weak; the signature is the key's, or this was not asked.
    WeakDigest(Digest),
    /// This program does not know the key's algorithm, or not together with the digest.
    Unknown(ObjectIdentifier),
}

impl<'a> PublicKey<'a> {
    /// The key of a `SubjectPublicKeyInfo`.
    pub fn read(value: Value<'a>) -> Read<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let identifier = Identifier::read(fields.next(tag::SEQUENCE)?)?;
        let key = fields.next(tag::BIT_STRING)?.bits()?;
        fields.end()?;
        Ok(match identifier.oid {
            algorithm::RSA | algorithm::RSA_PSS => match modulus_bits(key)? {
                bits if bits <= MOST_RSA_BITS => Self::Rsa(key, bits),
                _ => Self::Unknown(identifier.oid),
            },
            algorithm::EC => match identifier.curve()? {
                algorithm::P256 if key.first() == BOTH_COORDINATES => Self::P256(key),
                algorithm::P384 if key.first() == BOTH_COORDINATES => Self::P384(key),
                algorithm::SM2 => Self::Sm2(key),
                other => Self::Unknown(other),
            },
            other => Self::Unknown(other),
        })
    }

    /// How the key signs, in words such as `ECDSA P-256, SHA-256`.
    pub fn describe(&self, signing: Signing) -> String {
        let digest = signing.digest().name();
        match (self, signing) {
            (Self::Rsa(_, bits), Signing::Pss(_)) => format!("RSA-PSS {bits}, {digest}"),
            (Self::Rsa(_, bits), _) => format!("RSA {bits}, {digest}"),
            (Self::P256(_), _) => format!("ECDSA P-256, {digest}"),
            (Self::P384(_), _) => format!("ECDSA P-384, {digest}"),
            (Self::Sm2(_), _) => format!("SM2, {digest}"),
            (Self::Unknown(oid), _) => format!("{oid}, {digest}"),
        }
    }

    /// Whether the signature is the key's of this message, and strong enough to rest on.
    pub fn verify(
        &self,
        signing: Signing,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        match (*self, signing) {
            (Self::Unknown(oid), _) => return Err(SignatureFault::Unknown(oid)),
            (Self::Rsa(_, bits), Signing::Pkcs1(_) | Signing::Pss(_)) if bits < FEWEST_RSA_BITS => {
                return Err(SignatureFault::WeakKey(bits));
            }
            (Self::Sm2(point), Signing::Sm2) => return verify_sm2(point, message, signature),
            _ => (),
        }
        let (key, algorithm) = self.ring_algorithm(signing)?;
        let key = UnparsedPublicKey::new(algorithm, key);
        key.verify(message, signature).map_err(|_| SignatureFault::Broken)?;
        if signing.digest().is_weak() {
            return Err(SignatureFault::WeakDigest(signing.digest()));
        }
        Ok(())
    }

    /// What checks a signature of RSA or ECDSA.
    fn ring_algorithm(
        &self,
        signing: Signing,
    ) -> Result<(&'a [u8], &'static dyn VerificationAlgorithm), SignatureFault> {
        use Digest::{Sha1, Sha256, Sha384, Sha512, Sm3};
        use Signing::{Ecdsa, Pkcs1, Pss};
        Ok(match (*self, signing) {
            (Self::Rsa(key, _), Pkcs1(Sha1)) => {
                (key, &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY)
            }
            (Self::Rsa(key, _), Pkcs1(Sha256)) => (key, &signature::RSA_PKCS1_2048_8192_SHA256),
            (Self::Rsa(key, _), Pkcs1(Sha384)) => (key, &signature::RSA_PKCS1_2048_8192_SHA384),
            (Self::Rsa(key, _), Pkcs1(Sha512)) => (key, &signature::RSA_PKCS1_2048_8192_SHA512),
            (Self::Rsa(key, _), Pss(Sha256)) => (key, &signature::RSA_PSS_2048_8192_SHA256),
            (Self::Rsa(key, _), Pss(Sha384)) => (key, &signature::RSA_PSS_2048_8192_SHA384),
            (Self::Rsa(key, _), Pss(Sha512)) => (key, &signature::RSA_PSS_2048_8192_SHA512),
            (Self::P256(key), Ecdsa(Sha256)) => (key, &signature::ECDSA_P256_SHA256_ASN1),
            (Self::P256(key), Ecdsa(Sha384)) => (key, &signature::ECDSA_P256_SHA384_ASN1),
            (Self::P384(key), Ecdsa(Sha256)) => (key, &signature::ECDSA_P384_SHA256_ASN1),
            (Self::P384(key), Ecdsa(Sha384)) => (key, &signature::ECDSA_P384_SHA384_ASN1),
            (Self::Rsa(..), Pss(Sha1)) | (Self::P256(_) | Self::P384(_), Ecdsa(Sha1)) => {
                return Err(SignatureFault::WeakDigest(Sha1));
            }
            (Self::P256(_) | Self::P384(_), Ecdsa(Sha512 | Sm3))
            | (Self::Rsa(..), Pkcs1(Sm3) | Pss(Sm3)) => {
                return Err(SignatureFault::Unknown(signing.digest().oid()));
            }
            _ => return Err(SignatureFault::OtherKey),
        })
    }
}

fn verify_sm2(point: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, point);
    let key = key.map_err(|_| SignatureFault::Broken)?;
    let fixed = fixed_sm2(signature).map_err(|_| SignatureFault::Broken)?;
    let signature = sm2::dsa::Signature::from_slice(&fixed).map_err(|_| SignatureFault::Broken)?;
    key.verify(message, &signature).map_err(|_| SignatureFault::Broken)
}

/// The two numbers of an encoded signature (GM/T 0009), each in 32 bytes.
fn fixed_sm2(signature: &[u8]) -> Read<[u8; 64]> {
    let mut fields = Value::only(signature)?.fields(tag::SEQUENCE)?;
    let mut fixed = [0; 64];
    for half in fixed.chunks_exact_mut(32) {
        let digits = positive(fields.next(tag::INTEGER)?)?;
        let start = half.len().checked_sub(digits.len()).ok_or(Malformed)?;
        half[start..].copy_from_slice(digits);
    }
    fields.end()?;
    Ok(fixed)
}

/// The bytes of a positive integer, without the zero that keeps it positive.
fn positive(value: Value<'_>) -> Read<&[u8]> {
    match value.content(tag::INTEGER)? {
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => Ok(digits),
        digits @ [0x01..=0x7f, ..] => Ok(digits),
        _ => Err(Malformed),
    }
}

/// The bits of the modulus of an `RSAPublicKey`.
fn modulus_bits(key: &[u8]) -> Read<usize> {
    let modulus = positive(Value::only(key)?.fields(tag::SEQUENCE)?.any()?)?;
    let unused = modulus.first().map_or(0, |first| first.leading_zeros());
    Ok(modulus.len() * 8 - usize::try_from(unused).map_err(|_| Malformed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of up to 64 KiB.
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

    /// What `ring` cannot check is said to be unknown, never broken.
    #[test]
    fn keys_that_ring_does_not_know_are_unknown() {
        let rsa = |n_bytes: usize| {
            let modulus = value(tag::INTEGER, &[&[0], &vec![0xff; n_bytes]]);
            key(&[algorithm::RSA], &value(tag::SEQUENCE, &[&modulus, &[2, 1, 3]]))
        };
        let point =
            |first: u8| key(&[algorithm::EC, algorithm::P256], &[&[first], &[7; 64][..]].concat());
        let unknown = |spki: &[u8]| {
            matches!(PublicKey::read(Value::only(spki).unwrap()), Ok(PublicKey::Unknown(_)))
        };
        assert!(!unknown(&rsa(1024)) && unknown(&rsa(1025)));
        assert!(!unknown(&point(4)) && unknown(&point(2)));
    }
}
