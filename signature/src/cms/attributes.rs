//! The signed and unsigned attributes of a signer (RFC 5652, 11; RFC 5035).

use der::asn1::ObjectIdentifier;

use crate::crypto::algorithm::{AlgorithmIdentifier, DigestAlgorithm};
use crate::crypto::der::{DerResult, Fields, Malformed, Value, tag};
use crate::verdict::finding::Finding;
use crate::x509::certificate::Certificate;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
pub const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
pub const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
/// A time stamp of the signature value.
pub const SIGNATURE_TIMESTAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
/// The revocation data that Adobe's programs embed (`RevocationInfoArchival`).
const REVOCATION_INFO_ARCHIVAL: ObjectIdentifier = oid("1.2.840.113583.1.1.8");

const MAX_ATTRIBUTES: usize = 64;
const MAX_VALUES: usize = 64;
const MAX_REVOCATION_ITEMS: usize = 256;

/// Attributes, in the order of the encoding.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    der: &'a [u8],
    list: Vec<(ObjectIdentifier, Vec<Value<'a>>)>,
}

/// Revocation lists and OCSP responses, in DER.
#[derive(Debug, Clone, Default)]
pub struct RevocationData<'a> {
    pub crls: Vec<&'a [u8]>,
    pub responses: Vec<&'a [u8]>,
}

/// The signing-certificate attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningCertificateId<'a> {
    /// There is none.
    Absent,
    /// Digests of the signing certificate. All of them must match.
    Digests(Vec<(DigestAlgorithm, &'a [u8])>),
}

impl<'a> Attributes<'a> {
    pub fn read(value: Value<'a>) -> DerResult<Self> {
        let read = |value: Value<'a>| {
            let mut fields = value.fields(tag::SEQUENCE)?;
            let oid = fields.next(tag::OID)?.oid()?;
            let values = fields.next(tag::SET)?.fields(tag::SET)?.all(MAX_VALUES)?;
            fields.end()?;
            Ok((oid, values))
        };
        let list = Fields::of(value.content).all(MAX_ATTRIBUTES)?;
        let list = list.into_iter().map(read).collect::<DerResult<_>>()?;
        Ok(Self { der: value.der, list })
    }

    /// The signed bytes: the original encoding with the tag of a SET. Re-encoding would sort the
    /// attributes, and some signers do not sort them.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let [_, rest @ ..] = self.der else { return Vec::new() };
        [&[tag::SET], rest].concat()
    }

    /// The value of an optional attribute. Fails if there is more than one value.
    pub fn single(&self, oid: ObjectIdentifier) -> Result<Option<Value<'a>>, Finding> {
        let mut values = self.list.iter().filter(|(other, _)| *other == oid);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) if values.len() == 1 => Ok(values.first().copied()),
            _ => Err(Finding::SignedAttributes),
        }
    }

    /// All values of an attribute.
    pub fn values(&self, oid: ObjectIdentifier) -> impl Iterator<Item = Value<'a>> {
        let values = self.list.iter().filter(move |(other, _)| *other == oid);
        values.flat_map(|(_, values)| values.iter().copied())
    }

    /// Reads `signingCertificate` and `signingCertificateV2`.
    pub fn signing_certificate_id(&self) -> Result<SigningCertificateId<'a>, Finding> {
        let mut digests = Vec::new();
        if let Some(value) = self.single(SIGNING_CERTIFICATE)? {
            let mut id = first_id(value)?;
            digests.push((DigestAlgorithm::Sha1, id.next(tag::OCTET_STRING)?.content));
        }
        if let Some(value) = self.single(SIGNING_CERTIFICATE_V2)? {
            let mut id = first_id(value)?;
            let digest = match id.optional(tag::SEQUENCE)? {
                Some(identifier) => {
                    DigestAlgorithm::of(AlgorithmIdentifier::read(identifier)?.oid)?
                }
                None => DigestAlgorithm::Sha256,
            };
            digests.push((digest, id.next(tag::OCTET_STRING)?.content));
        }
        Ok(if digests.is_empty() {
            SigningCertificateId::Absent
        } else {
            SigningCertificateId::Digests(digests)
        })
    }

    /// The revocation data among the attributes.
    pub fn revocation_data(&self) -> DerResult<RevocationData<'a>> {
        let mut read = RevocationData::default();
        for value in self.values(REVOCATION_INFO_ARCHIVAL) {
            let mut fields = value.fields(tag::SEQUENCE)?;
            for (number, list) in [(0, &mut read.crls), (1, &mut read.responses)] {
                if let Some(wrapped) = fields.optional(tag::context(number))? {
                    let items = Value::only(wrapped.content)?.fields(tag::SEQUENCE)?;
                    list.extend(items.all(MAX_REVOCATION_ITEMS)?.iter().map(|item| item.der));
                }
            }
        }
        Ok(read)
    }
}

/// The fields of the first `ESSCertID`, which identifies the signing certificate.
fn first_id(value: Value<'_>) -> DerResult<Fields<'_>> {
    let mut ids = value.fields(tag::SEQUENCE)?.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    ids.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)
}

impl SigningCertificateId<'_> {
    /// Whether this can be the signing certificate.
    pub fn matches(&self, certificate: &Certificate<'_>) -> bool {
        match self {
            Self::Absent => true,
            Self::Digests(digests) => {
                digests.iter().all(|(digest, value)| digest.hash(&[certificate.der]) == *value)
            }
        }
    }
}

impl From<Malformed> for Finding {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}
