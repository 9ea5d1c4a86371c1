//! Digest and signature algorithms by object identifier.

use der::asn1::ObjectIdentifier;
use ring::digest;
use sha3::{Sha3_256, Sha3_384, Sha3_512};
use sm3::Sm3;

use crate::crypto::der::{DerResult, Malformed, Value, tag};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const MD5: ObjectIdentifier = oid("1.2.840.113549.2.5");
const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
const SHA3_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.8");
const SHA3_384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.9");
const SHA3_512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.10");
const SM3: ObjectIdentifier = oid("1.2.156.10197.1.401");

pub const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
pub const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
const MD5_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.4");
const SHA1_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.5");
pub const SHA256_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const SHA384_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
const SHA512_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
const SHA3_256_WITH_RSA: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.14");
const SHA3_384_WITH_RSA: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.15");
const SHA3_512_WITH_RSA: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.16");
pub const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
const ECDSA_WITH_SHA1: ObjectIdentifier = oid("1.2.840.10045.4.1");
pub const ECDSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
pub const ECDSA_WITH_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
pub const ECDSA_WITH_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
const ECDSA_WITH_SHA3_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.10");
const ECDSA_WITH_SHA3_384: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.11");
const ECDSA_WITH_SHA3_512: ObjectIdentifier = oid("2.16.840.1.101.3.4.3.12");
pub const ED25519: ObjectIdentifier = oid("1.3.101.112");
pub const P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
pub const P384: ObjectIdentifier = oid("1.3.132.0.34");
pub const P521: ObjectIdentifier = oid("1.3.132.0.35");
/// The SM2 curve, in keys. Some signers also use it as the signature algorithm.
pub const SM2: ObjectIdentifier = oid("1.2.156.10197.1.301");
const SM2_SIGNING: ObjectIdentifier = oid("1.2.156.10197.1.301.1");
pub const SM2_WITH_SM3: ObjectIdentifier = oid("1.2.156.10197.1.501");

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
    Sha3_256,
    Sha3_384,
    Sha3_512,
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
            SHA3_256 => Ok(Self::Sha3_256),
            SHA3_384 => Ok(Self::Sha3_384),
            SHA3_512 => Ok(Self::Sha3_512),
            SM3 => Ok(Self::Sm3),
            MD5 => Err(AlgorithmError::Weak("MD5")),
            other => Err(AlgorithmError::Unsupported(other)),
        }
    }

    /// The digest algorithm of a signer. Some name the signature algorithm instead, such as
    /// `sha256WithRSAEncryption`.
    pub fn of_signer(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, AlgorithmError> {
        let named = Self::of(identifier.oid);
        match SignatureAlgorithm::of(identifier) {
            Ok(algorithm) if matches!(named, Err(AlgorithmError::Unsupported(_))) => {
                Ok(algorithm.digest())
            }
            _ => named,
        }
    }

    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => SHA1,
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
            Self::Sha3_256 => SHA3_256,
            Self::Sha3_384 => SHA3_384,
            Self::Sha3_512 => SHA3_512,
            Self::Sm3 => SM3,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
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
            Self::Sha3_256 => return hash_with::<Sha3_256>(parts),
            Self::Sha3_384 => return hash_with::<Sha3_384>(parts),
            Self::Sha3_512 => return hash_with::<Sha3_512>(parts),
            Self::Sm3 => return hash_with::<Sm3>(parts),
        };
        let mut hash = digest::Context::new(algorithm);
        parts.iter().for_each(|part| hash.update(part));
        hash.finish().as_ref().to_vec()
    }
}

fn hash_with<D: sm3::Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

/// The parameters of RSA-PSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PssParameters {
    pub digest: DigestAlgorithm,
    /// The digest algorithm of the mask generation function MGF1.
    pub mask_digest: DigestAlgorithm,
    pub salt_length: usize,
}

impl PssParameters {
    /// Whether digest, mask and salt are as long as each other, which is usual.
    pub fn are_usual(self) -> bool {
        self.mask_digest == self.digest && self.salt_length == self.digest.hash(&[]).len()
    }
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA with PKCS #1 v1.5 padding.
    Pkcs1(DigestAlgorithm),
    Pss(PssParameters),
    Ecdsa(DigestAlgorithm),
    /// Ed25519 of the whole message. In CMS, its digest algorithm is SHA-512 (RFC 8419).
    Ed25519,
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
            SHA3_256_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha3_256),
            SHA3_384_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha3_384),
            SHA3_512_WITH_RSA => Self::Pkcs1(DigestAlgorithm::Sha3_512),
            RSA_PSS => Self::Pss(pss_parameters(identifier)?),
            ECDSA_WITH_SHA1 => Self::Ecdsa(DigestAlgorithm::Sha1),
            ECDSA_WITH_SHA256 => Self::Ecdsa(DigestAlgorithm::Sha256),
            ECDSA_WITH_SHA384 => Self::Ecdsa(DigestAlgorithm::Sha384),
            ECDSA_WITH_SHA512 => Self::Ecdsa(DigestAlgorithm::Sha512),
            ECDSA_WITH_SHA3_256 => Self::Ecdsa(DigestAlgorithm::Sha3_256),
            ECDSA_WITH_SHA3_384 => Self::Ecdsa(DigestAlgorithm::Sha3_384),
            ECDSA_WITH_SHA3_512 => Self::Ecdsa(DigestAlgorithm::Sha3_512),
            ED25519 => Self::Ed25519,
            SM2 | SM2_SIGNING | SM2_WITH_SM3 => Self::Sm2,
            MD5_WITH_RSA => return Err(AlgorithmError::Weak("MD5")),
            other => return Err(AlgorithmError::Unsupported(other)),
        })
    }

    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Pkcs1(digest) | Self::Ecdsa(digest) => digest,
            Self::Pss(parameters) => parameters.digest,
            Self::Ed25519 => DigestAlgorithm::Sha512,
            Self::Sm2 => DigestAlgorithm::Sm3,
        }
    }
}

/// Reads `RSASSA-PSS-params` (RFC 4055, 3.1). Each parameter defaults to its value for SHA-1.
fn pss_parameters(identifier: &AlgorithmIdentifier<'_>) -> Result<PssParameters, AlgorithmError> {
    let parameters = identifier.parameters.ok_or(AlgorithmError::Weak("SHA-1"))?;
    let mut fields = parameters.fields(tag::SEQUENCE)?;
    let hash = fields.optional(tag::context(0))?.ok_or(AlgorithmError::Weak("SHA-1"))?;
    let mask = fields.optional(tag::context(1))?;
    let salt = fields.optional(tag::context(2))?;
    let trailer = fields.optional(tag::context(3))?;
    fields.end()?;

    let digest = DigestAlgorithm::of(AlgorithmIdentifier::read(Value::only(hash.content)?)?.oid)?;
    let mask_digest = match mask {
        Some(mask) => {
            let mask = AlgorithmIdentifier::read(Value::only(mask.content)?)?;
            if mask.oid != MGF1 {
                return Err(AlgorithmError::Unsupported(mask.oid));
            }
            let hash = AlgorithmIdentifier::read(mask.parameters.ok_or(Malformed)?)?;
            DigestAlgorithm::of(hash.oid)?
        }
        // A mask needs no resistance to collisions.
        None => DigestAlgorithm::Sha1,
    };
    let salt_length = salt.map_or(Ok(20), |salt| Value::only(salt.content)?.small())?;
    let salt_length = usize::try_from(salt_length).map_err(|_| Malformed)?;
    let trailer = trailer.map_or(Ok(1), |trailer| Value::only(trailer.content)?.small())?;
    if trailer == 1 {
        Ok(PssParameters { digest, mask_digest, salt_length })
    } else {
        Err(AlgorithmError::Unsupported(RSA_PSS))
    }
}
