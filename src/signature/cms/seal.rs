//! Electronic seals: `SES_Signature` of GB/T 38540-2020 and of its predecessor GM/T 0031-2014.

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{
    AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm,
};
use crate::signature::crypto::der::{DerResult, Malformed, Value, tag};
use crate::signature::verdict::finding::Finding;
use crate::signature::x509::certificate::Certificate;

const MAX_CERTIFICATES: usize = 1024;

/// An electronic seal on a document: the seal and the signature made with it.
#[derive(Debug, Clone)]
pub struct SealSignature<'a> {
    /// The bytes that the signer signed.
    tbs: &'a [u8],
    data_hash: &'a [u8],
    /// The claimed signing time.
    pub time: Option<Moment>,
    pub certificate: Certificate<'a>,
    algorithm: AlgorithmIdentifier<'a>,
    pub signature: &'a [u8],
    pub timestamp: Option<Value<'a>>,
    pub seal: Seal<'a>,
}

/// A seal, signed by its maker.
#[derive(Debug, Clone)]
pub struct Seal<'a> {
    /// The bytes that the maker signed.
    tbs: Vec<u8>,
    allowed_signers: AllowedSigners<'a>,
    pub valid_from: Moment,
    pub valid_to: Moment,
    pub maker: Certificate<'a>,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
}

/// The signing certificates that a seal may be used with.
#[derive(Debug, Clone)]
enum AllowedSigners<'a> {
    Certificates(Vec<&'a [u8]>),
    Digests(Vec<&'a [u8]>),
}

impl<'a> SealSignature<'a> {
    /// Whether a container is a seal: it starts with a sequence of a version and a seal.
    pub fn looks_like(value: Value<'_>) -> bool {
        let start = || -> DerResult<()> {
            let mut fields = value.fields(tag::SEQUENCE)?;
            let mut signed = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            signed.next(tag::INTEGER)?;
            signed.next(tag::SEQUENCE)?;
            Ok(())
        };
        start().is_ok()
    }

    pub fn read(value: Value<'a>) -> DerResult<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let tbs = fields.next(tag::SEQUENCE)?;
        let certificate = fields.optional(tag::OCTET_STRING)?;
        let mut inner = tbs.fields(tag::SEQUENCE)?;
        inner.next(tag::INTEGER)?.small()?;
        let seal = Seal::read(inner.next(tag::SEQUENCE)?)?;
        let time_info = inner.any()?;
        let data_hash = inner.next(tag::BIT_STRING)?.bits()?;
        inner.any()?;

        // In the 2020 layout, certificate and algorithm follow the signed bytes. In the 2014 layout
        // they are part of them.
        let (certificate, algorithm) = match certificate {
            Some(certificate) => {
                if !inner.is_empty() {
                    inner.any()?;
                }
                (certificate, fields.next(tag::OID)?)
            }
            None => (inner.next(tag::OCTET_STRING)?, inner.next(tag::OID)?),
        };
        inner.end()?;
        let signature = fields.next(tag::BIT_STRING)?.bits()?;
        let timestamp =
            if fields.is_empty() { None } else { Some(timestamp_token(fields.any()?)?) };
        fields.end()?;

        let mut time = None;
        match time_info.tag {
            tag::BIT_STRING => {
                let inside = Value::only(time_info.bits()?)?;
                // This may also be a time stamp. The standard does not say of which bytes, so it is
                // ignored.
                if inside.tag != tag::SEQUENCE {
                    time = Some(inside.time()?);
                }
            }
            _ => time = Some(time_info.time()?),
        }
        Ok(Self {
            tbs: tbs.der,
            data_hash,
            time,
            certificate: Certificate::read(certificate.content)?,
            algorithm: AlgorithmIdentifier::from_oid(algorithm)?,
            signature,
            timestamp,
            seal,
        })
    }

    /// The signature algorithm; `None` if it is not supported.
    pub fn algorithm(&self) -> Option<String> {
        SignatureAlgorithm::of(&self.algorithm)
            .ok()
            .map(|algorithm| self.certificate.key.describe(algorithm))
    }

    /// Checks the seal and its signature on a document, without the certificate chains.
    pub fn findings(&self, document: &[&[u8]], best_signature_time: Moment) -> Vec<Finding> {
        let mut findings = Vec::new();
        match SignatureAlgorithm::of(&self.algorithm) {
            Ok(algorithm) => {
                if algorithm.digest().hash(document) != self.data_hash {
                    findings.push(Finding::DigestMismatch);
                }
                let key = &self.certificate.key;
                let verified = key.verify(algorithm, self.tbs, self.signature);
                findings.extend(verified.err().map(Finding::from));
            }
            Err(error) => findings.push(error.into()),
        }
        findings.extend(self.seal.finding());
        if !self.seal.allows(&self.certificate) {
            findings.push(Finding::SignerNotOfSeal);
        }
        if best_signature_time < self.seal.valid_from {
            findings.push(Finding::SealNotYetValid(self.seal.valid_from));
        } else if best_signature_time > self.seal.valid_to {
            findings.push(Finding::SealExpired(self.seal.valid_to));
        }
        findings
    }
}

impl<'a> Seal<'a> {
    fn read(value: Value<'a>) -> DerResult<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let info = fields.next(tag::SEQUENCE)?;
        // The 2014 layout wraps the certificate, algorithm and signature of the maker.
        let wrapped = fields.optional(tag::SEQUENCE)?;
        let mut maker = match wrapped {
            Some(wrapped) => {
                fields.end()?;
                wrapped.fields(tag::SEQUENCE)?
            }
            None => fields,
        };
        let certificate = maker.next(tag::OCTET_STRING)?;
        let algorithm = maker.next(tag::OID)?;
        let signature = maker.next(tag::BIT_STRING)?.bits()?;
        maker.end()?;
        let tbs = match wrapped {
            // There the maker signs a sequence of these three, which is not part of the encoding.
            Some(_) => sequence(&[info.der, certificate.der, algorithm.der]),
            None => info.der.to_vec(),
        };
        let (allowed_signers, valid_from, valid_to) = read_seal_info(info)?;
        Ok(Self {
            tbs,
            allowed_signers,
            valid_from,
            valid_to,
            maker: Certificate::read(certificate.content)?,
            algorithm: AlgorithmIdentifier::from_oid(algorithm)?,
            signature,
        })
    }

    fn finding(&self) -> Option<Finding> {
        let algorithm = match SignatureAlgorithm::of(&self.algorithm) {
            Ok(algorithm) => algorithm,
            Err(error) => return Some(error.into()),
        };
        match self.maker.key.verify(algorithm, &self.tbs, self.signature).map_err(Finding::from) {
            Ok(()) => None,
            Err(Finding::InvalidSignature | Finding::KeyMismatch) => Some(Finding::InvalidSeal),
            Err(other) => Some(other),
        }
    }

    fn allows(&self, certificate: &Certificate<'_>) -> bool {
        match &self.allowed_signers {
            AllowedSigners::Certificates(list) => list.contains(&certificate.der),
            AllowedSigners::Digests(list) => [DigestAlgorithm::Sm3, DigestAlgorithm::Sha256]
                .iter()
                .any(|digest| list.contains(&digest.hash(&[certificate.der]).as_slice())),
        }
    }
}

/// The value inside the bit string of a time stamp. The standard tags the bit string `[0]` and leaves
/// open whether explicitly; some makers do not tag it.
fn timestamp_token(value: Value<'_>) -> DerResult<Value<'_>> {
    let bits = match value.tag {
        tag::BIT_STRING => value.bits()?,
        explicit if explicit == tag::context(0) => Value::only(value.content)?.bits()?,
        implicit if implicit == tag::primitive(0) => {
            Value { tag: tag::BIT_STRING, ..value }.bits()?
        }
        _ => return Err(Malformed),
    };
    Value::only(bits)
}

/// The allowed signers and the validity period of a seal (`SES_SealInfo`).
fn read_seal_info(info: Value<'_>) -> DerResult<(AllowedSigners<'_>, Moment, Moment)> {
    let mut fields = info.fields(tag::SEQUENCE)?;
    // The header and the number of the seal. Picture and extensions follow and are not needed.
    fields.next(tag::SEQUENCE)?;
    fields.any()?;
    let mut property = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    property.next(tag::INTEGER)?;
    property.any()?;
    let kind = property.optional(tag::INTEGER)?.map(Value::small).transpose()?;
    let list = property.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?.all(MAX_CERTIFICATES)?;
    let allowed_signers = match kind {
        None | Some(1) => {
            let certificates = list.iter().map(|value| value.content(tag::OCTET_STRING));
            AllowedSigners::Certificates(certificates.collect::<DerResult<_>>()?)
        }
        Some(2) => {
            let digests = list.iter().map(|value| {
                let mut fields = value.fields(tag::SEQUENCE)?;
                fields.any()?;
                Ok(fields.next(tag::OCTET_STRING)?.content)
            });
            AllowedSigners::Digests(digests.collect::<DerResult<_>>()?)
        }
        Some(_) => return Err(Malformed),
    };
    property.any()?.time()?;
    let valid_from = property.any()?.time()?;
    let valid_to = property.any()?.time()?;
    property.end()?;
    Ok((allowed_signers, valid_from, valid_to))
}

/// Encodes a sequence of encoded values.
fn sequence(values: &[&[u8]]) -> Vec<u8> {
    let content = values.concat();
    let bytes = content.len().to_be_bytes();
    let n_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(n_zeros..).unwrap_or_default();
    let mut encoded = vec![tag::SEQUENCE];
    if content.len() >= 0x80 {
        encoded.push(0x80 | u8::try_from(digits.len()).expect("a length has eight bytes at most"));
    }
    if digits.is_empty() {
        encoded.push(0);
    }
    encoded.extend(digits);
    encoded.extend(content);
    encoded
}
