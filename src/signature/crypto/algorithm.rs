//! Digest and signature algorithms by object identifier.

use der::asn1::ObjectIdentifier;
use ring::digest;
use sm3::{Digest as _, Sm3};

use crate::signature::crypto::der::{DerResult, Malformed, Value, tag};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const MD5: ObjectIdentifier = oid("1.2.840.113549.2.5");
const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
const SM3: ObjectIdentifier = oid("1.2.156.10197.1.401");

pub const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
pub const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
const MD5_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.4");
const SHA1_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.5");
const SHA256_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const SHA384_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
const SHA512_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
pub const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
const ECDSA_WITH_SHA1: ObjectIdentifier = oid("1.2.840.10045.4.1");
const ECDSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
const ECDSA_WITH_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
pub const P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
pub const P384: ObjectIdentifier = oid("1.3.132.0.34");
/// The SM2 curve, in keys. Some signers also use it as the signature algorithm.
pub const SM2: ObjectIdentifier = oid("1.2.156.10197.1.301");
const SM2_SIGNING: ObjectIdentifier = oid("1.2.156.10197.1.301.1");
const SM2_WITH_SM3: ObjectIdentifier = oid("1.2.156.10197.1.501");

/// An unusable algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgorithmError {
    /// A broken algorithm.
    Weak(&'static str),
    /// An unsupported algorithm.
    Unsupported(ObjectIdentifier),
    /// The signature algorithm and `digestAlgorithm` name different digest algorithms.
    DigestMismatch,
    /// The parameters cannot be read.
    Malformed,
}

impl From<Malformed> for AlgorithmError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// An `AlgorithmIdentifier` (RFC 5280, 4.1.1.2).
#[derive(Debug, Clone, Copy)]
pub struct AlgorithmIdentifier<'a> {
    pub oid: ObjectIdentifier,
    parameters: Option<Value<'a>>,
    pub der: &'a [u8],
}

/// A signed structure such as a certificate or CRL (`SIGNED`, RFC 5280).
#[derive(Debug, Clone, Copy)]
pub struct SignedValue<'a> {
    /// The bytes that are signed ("to be signed").
    pub tbs: Value<'a>,
    pub algorithm: AlgorithmIdentifier<'a>,
    pub signature: &'a [u8],
}

impl<'a> SignedValue<'a> {
    pub fn read(bytes: &'a [u8]) -> DerResult<Self> {
        let mut fields = Value::only(bytes)?.fields(tag::SEQUENCE)?;
        let tbs = fields.next(tag::SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::read(fields.next(tag::SEQUENCE)?)?;
        let signature = fields.next(tag::BIT_STRING)?.bits()?;
        fields.end()?;
        Ok(Self { tbs, algorithm, signature })
    }
}

impl<'a> AlgorithmIdentifier<'a> {
    pub fn read(value: Value<'a>) -> DerResult<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let oid = fields.next(tag::OID)?.oid()?;
        let parameters = if fields.is_empty() { None } else { Some(fields.any()?) };
        fields.end()?;
        Ok(Self { oid, parameters, der: value.der })
    }

    /// An algorithm given only by its object identifier, as in electronic seals.
    pub fn from_oid(value: Value<'a>) -> DerResult<Self> {
        Ok(Self { oid: value.oid()?, parameters: None, der: value.der })
    }

    /// The curve of an elliptic-curve key: the parameter as an object identifier.
    pub fn curve(&self) -> DerResult<ObjectIdentifier> {
        self.parameters.ok_or(Malformed)?.oid()
    }
}

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// Broken: collisions can be made.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    /// GB/T 32905.
    Sm3,
}

impl DigestAlgorithm {
    pub fn of(oid: ObjectIdentifier) -> Result<Self, AlgorithmError> {
        match oid {
            SHA1 => Ok(Self::Sha1),
            SHA256 => Ok(Self::Sha256),
            SHA384 => Ok(Self::Sha384),
            SHA512 => Ok(Self::Sha512),
            SM3 => Ok(Self::Sm3),
            MD5 => Err(AlgorithmError::Weak("MD5")),
            other => Err(AlgorithmError::Unsupported(other)),
        }
    }

    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => SHA1,
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
            Self::Sm3 => SM3,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sm3 => "SM3",
        }
    }

    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }

    /// The digest of the concatenated parts.
    pub fn hash(self, parts: &[&[u8]]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Sm3 => {
                let mut hash = Sm3::new();
                parts.iter().for_each(|part| hash.update(part));
                return hash.finalize().to_vec();
            }
        };
        let mut hash = digest::Context::new(algorithm);
        parts.iter().for_each(|part| hash.update(part));
        hash.finish().as_ref().to_vec()
    }
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA with PKCS #1 v1.5 padding.
    Pkcs1(DigestAlgorithm),
    /// RSA-PSS with a salt as long as the digest.
    Pss(DigestAlgorithm),
    Ecdsa(DigestAlgorithm),
    /// SM2 with SM3 (GB/T 32918).
    Sm2,
}

impl SignatureAlgorithm {
    /// The algorithm of a CMS signer, whose digest algorithm is given separately.
    pub fn with_digest(
        identifier: &AlgorithmIdentifier<'_>,
        digest: DigestAlgorithm,
    ) -> Result<Self, AlgorithmError> {
        let algorithm = match identifier.oid {
            RSA => Self::Pkcs1(digest),
            EC if digest == DigestAlgorithm::Sm3 => Self::Sm2,
            EC => Self::Ecdsa(digest),
            _ => Self::of(identifier)?,
        };
        if algorithm.digest() == digest {
            Ok(algorithm)
        } else {
            Err(AlgorithmError::DigestMismatch)
        }
    }

    /// An algorithm that includes the digest algorithm.
    pub fn of(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, AlgorithmError> {
        Ok(match identifier.oid {
            SHA1_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha1),
            SHA256_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha256),
            SHA384_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha384),
            SHA512_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha512),
            RSA_PSS => Self::Pss(pss_digest(identifier)?),
            ECDSA_WITH_SHA1 => Self::Ecdsa(DigestAlgorithm::Sha1),
            ECDSA_WITH_SHA256 => Self::Ecdsa(DigestAlgorithm::Sha256),
            ECDSA_WITH_SHA384 => Self::Ecdsa(DigestAlgorithm::Sha384),
            ECDSA_WITH_SHA512 => Self::Ecdsa(DigestAlgorithm::Sha512),
            SM2 | SM2_SIGNING | SM2_WITH_SM3 => Self::Sm2,
            MD5_WITH_RSA => return Err(AlgorithmError::Weak("MD5")),
            other => return Err(AlgorithmError::Unsupported(other)),
        })
    }

    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Pkcs1(digest) | Self::Pss(digest) | Self::Ecdsa(digest) => digest,
            Self::Sm2 => DigestAlgorithm::Sm3,
        }
    }
}

/// The digest algorithm of `RSASSA-PSS-params` (RFC 4055, 3.1). Each parameter defaults to its value
/// for SHA-1.
fn pss_digest(identifier: &AlgorithmIdentifier<'_>) -> Result<DigestAlgorithm, AlgorithmError> {
    let parameters = identifier.parameters.ok_or(AlgorithmError::Weak("SHA-1"))?;
    let mut fields = parameters.fields(tag::SEQUENCE)?;
    let hash = fields.optional(tag::context(0))?.ok_or(AlgorithmError::Weak("SHA-1"))?;
    let mask = fields.optional(tag::context(1))?.ok_or(AlgorithmError::Weak("SHA-1"))?;
    let salt = fields.optional(tag::context(2))?;
    let trailer = fields.optional(tag::context(3))?;
    fields.end()?;

    let digest = DigestAlgorithm::of(AlgorithmIdentifier::read(Value::only(hash.content)?)?.oid)?;
    let mask = AlgorithmIdentifier::read(Value::only(mask.content)?)?;
    let mask_hash = AlgorithmIdentifier::read(mask.parameters.ok_or(Malformed)?)?;
    let salt = salt.map_or(Ok(20), |salt| Value::only(salt.content)?.small())?;
    let trailer = trailer.map_or(Ok(1), |trailer| Value::only(trailer.content)?.small())?;

    let has_usual_salt = usize::try_from(salt) == Ok(digest.hash(&[]).len());
    let is_usual =
        mask.oid == MGF1 && DigestAlgorithm::of(mask_hash.oid)? == digest && has_usual_salt;
    if is_usual && trailer == 1 { Ok(digest) } else { Err(AlgorithmError::Unsupported(RSA_PSS)) }
}
