//! Electronic seals: `SES_Signature` of GB/T 38540-2020 and of GM/T 0031-2014 before it.

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{Digest, Identifier, Signing};
use crate::signature::crypto::der::{Malformed, Read, Value, tag};
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::certificate::Certificate;

const MOST_CERTIFICATES: usize = 1024;

/// A seal put on a document.
#[derive(Debug, Clone)]
pub struct SealSignature<'a> {
    /// What the signer signed.
    signed: &'a [u8],
    data_hash: &'a [u8],
    /// When, as the signer says; a time stamp in its place in the older layout.
    pub time: Option<Moment>,
    pub certificate: Certificate<'a>,
    algorithm: Identifier<'a>,
    pub signature: &'a [u8],
    pub timestamp: Option<Value<'a>>,
    pub seal: Seal<'a>,
}

/// A seal as its maker signed it.
#[derive(Debug, Clone)]
pub struct Seal<'a> {
    /// What the maker signed.
    signed: Vec<u8>,
    holders: Holders<'a>,
    pub valid_from: Moment,
    pub valid_to: Moment,
    pub maker: Certificate<'a>,
    algorithm: Identifier<'a>,
    signature: &'a [u8],
}

/// Who may use a seal.
#[derive(Debug, Clone)]
enum Holders<'a> {
    Certificates(Vec<&'a [u8]>),
    Digests(Vec<&'a [u8]>),
}

impl<'a> SealSignature<'a> {
    /// Whether a container looks like a seal's: it begins with a sequence of a version and a seal.
    pub fn is_one(value: Value<'_>) -> bool {
        let begins = || -> Read<()> {
            let mut fields = value.fields(tag::SEQUENCE)?;
            let mut signed = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            signed.next(tag::INTEGER)?;
            signed.next(tag::SEQUENCE)?;
            Ok(())
        };
        begins().is_ok()
    }

    pub fn read(value: Value<'a>) -> Read<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let signed = fields.next(tag::SEQUENCE)?;
        let is_new = fields.optional(tag::OCTET_STRING)?;
        let mut inner = signed.fields(tag::SEQUENCE)?;
        inner.next(tag::INTEGER)?.small()?;
        let seal = Seal::read(inner.next(tag::SEQUENCE)?)?;
        let time_info = inner.any()?;
        let data_hash = inner.next(tag::BIT_STRING)?.bits()?;
        inner.any()?;

        // The newer layout has certificate and algorithm beside what is signed, the older within.
        let (certificate, algorithm) = match is_new {
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
        let timestamp = if fields.is_empty() { None } else { Some(bits_of(fields.any()?)?) };
        fields.end()?;

        let mut time = None;
        match time_info.tag {
            tag::BIT_STRING => {
                let inside = Value::only(time_info.bits()?)?;
                // A time stamp may stand here; over what, the standard leaves open.
                if inside.tag != tag::SEQUENCE {
                    time = Some(inside.time()?);
                }
            }
            _ => time = Some(time_info.time()?),
        }
        Ok(Self {
            signed: signed.whole,
            data_hash,
            time,
            certificate: Certificate::read(certificate.content)?,
            algorithm: Identifier::plain(algorithm)?,
            signature,
            timestamp,
            seal,
        })
    }

    /// How it is signed; none where this program does not know how.
    pub fn algorithm(&self) -> Option<String> {
        Signing::of(&self.algorithm).ok().map(|signing| self.certificate.key.describe(signing))
    }

    /// What is wrong with the seal and its use on a document, apart from the certificates, by what
    /// was so at the proven moment.
    pub fn faults(&self, document: &[&[u8]], proven: Moment) -> Vec<Finding> {
        let mut findings = Vec::new();
        match Signing::of(&self.algorithm) {
            Ok(signing) => {
                if signing.digest().hash(document) != self.data_hash {
                    findings.push(Finding::DocumentChanged);
                }
                let key = &self.certificate.key;
                let verified = key.verify(signing, self.signed, self.signature);
                findings.extend(verified.err().map(Finding::from));
            }
            Err(fault) => findings.push(fault.into()),
        }
        findings.extend(self.seal.fault());
        if !self.seal.is_for(&self.certificate) {
            findings.push(Finding::NotOfSeal);
        }
        if proven < self.seal.valid_from {
            findings.push(Finding::SealNotYetValid(self.seal.valid_from));
        } else if proven > self.seal.valid_to {
            findings.push(Finding::SealExpired(self.seal.valid_to));
        }
        findings
    }
}

impl<'a> Seal<'a> {
    fn read(value: Value<'a>) -> Read<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let info = fields.next(tag::SEQUENCE)?;
        // The older layout wraps the maker's certificate, algorithm and signature.
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
        let signed = match wrapped {
            // There the maker signs the three together, as a sequence that stands nowhere.
            Some(_) => sequence(&[info.whole, certificate.whole, algorithm.whole]),
            None => info.whole.to_vec(),
        };
        let (holders, valid_from, valid_to) = read_info(info)?;
        Ok(Self {
            signed,
            holders,
            valid_from,
            valid_to,
            maker: Certificate::read(certificate.content)?,
            algorithm: Identifier::plain(algorithm)?,
            signature,
        })
    }

    fn fault(&self) -> Option<Finding> {
        let signing = match Signing::of(&self.algorithm) {
            Ok(signing) => signing,
            Err(fault) => return Some(fault.into()),
        };
        match self.maker.key.verify(signing, &self.signed, self.signature).map_err(Finding::from) {
            Ok(()) => None,
            Err(Finding::SignatureBroken | Finding::OtherKey) => Some(Finding::SealBroken),
            Err(other) => Some(other),
        }
    }

    fn is_for(&self, certificate: &Certificate<'_>) -> bool {
        match &self.holders {
            Holders::Certificates(list) => list.contains(&certificate.whole),
            Holders::Digests(list) => [Digest::Sm3, Digest::Sha256]
                .iter()
                .any(|digest| list.contains(&digest.hash(&[certificate.whole]).as_slice())),
        }
    }
}

/// The value in the bit string of a time stamp. The standard tags it `[0]` and does not say how, and
/// some makers do not tag it at all.
fn bits_of(value: Value<'_>) -> Read<Value<'_>> {
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

/// Who may use the seal, from when and until when (`SES_SealInfo`).
fn read_info(info: Value<'_>) -> Read<(Holders<'_>, Moment, Moment)> {
    let mut fields = info.fields(tag::SEQUENCE)?;
    // Header and the seal's number; picture and extensions follow.
    fields.next(tag::SEQUENCE)?;
    fields.any()?;
    let mut property = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    property.next(tag::INTEGER)?;
    property.any()?;
    let kind = property.optional(tag::INTEGER)?.map(Value::small).transpose()?;
    let list = property.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?.all(MOST_CERTIFICATES)?;
    let holders = match kind {
        None | Some(1) => {
            let certificates = list.iter().map(|value| value.content(tag::OCTET_STRING));
            Holders::Certificates(certificates.collect::<Read<_>>()?)
        }
        Some(2) => {
            let digests = list.iter().map(|value| {
                let mut fields = value.fields(tag::SEQUENCE)?;
                fields.any()?;
                Ok(fields.next(tag::OCTET_STRING)?.content)
            });
            Holders::Digests(digests.collect::<Read<_>>()?)
        }
        Some(_) => return Err(Malformed),
    };
    property.any()?.time()?;
    let valid_from = property.any()?.time()?;
    let valid_to = property.any()?.time()?;
    property.end()?;
    Ok((holders, valid_from, valid_to))
}

/// A sequence of values that are encoded already.
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
