//! The attributes of a signer (RFC 5652, 11; RFC 5035), signed ones and others.

use der::asn1::ObjectIdentifier;

use crate::signature::crypto::algorithm::{Digest, Identifier};
use crate::signature::crypto::der::{Fields, Malformed, Read, Value, tag};
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::certificate::Certificate;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
pub const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
pub const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
/// A time stamp over the signature's value.
pub const SIGNATURE_TIMESTAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
/// Lists and responses, as Adobe's programs keep them.
const REVOCATION_ARCHIVE: ObjectIdentifier = oid("1.2.840.113583.1.1.8");

const MOST_ATTRIBUTES: usize = 64;
const MOST_VALUES: usize = 64;
const MOST_ARCHIVED: usize = 256;

/// Attributes, in the order in which they stand.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    whole: &'a [u8],
    list: Vec<(ObjectIdentifier, Vec<Value<'a>>)>,
}

/// Revocation lists and responses of OCSP, as they are encoded.
#[derive(Debug, Clone, Default)]
pub struct Archived<'a> {
    pub crls: Vec<&'a [u8]>,
    pub responses: Vec<&'a [u8]>,
}

/// What names the signer's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named<'a> {
    /// Nothing.
    Not,
    /// Digests, all of which must be the certificate's.
    By(Vec<(Digest, &'a [u8])>),
}

impl<'a> Attributes<'a> {
    pub fn read(value: Value<'a>) -> Read<Self> {
        let read = |value: Value<'a>| {
            let mut fields = value.fields(tag::SEQUENCE)?;
            let oid = fields.next(tag::OID)?.oid()?;
            let values = fields.next(tag::SET)?.fields(tag::SET)?.all(MOST_VALUES)?;
            fields.end()?;
            Ok((oid, values))
        };
        let list = Fields::of(value.content).all(MOST_ATTRIBUTES)?;
        let list = list.into_iter().map(read).collect::<Read<_>>()?;
        Ok(Self { whole: value.whole, list })
    }

    /// What was signed: the attributes as they stand, under the tag of a set. Encoding them again
    /// would sort them, and a signer who did not sort them signed something else.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let [_, rest @ ..] = self.whole else { return Vec::new() };
        [&[tag::SET], rest].concat()
    }

    /// The value of an attribute that is there once, with one value, or not at all.
    pub fn once(&self, oid: ObjectIdentifier) -> Result<Option<Value<'a>>, Finding> {
        let mut values = self.list.iter().filter(|(other, _)| *other == oid);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) if values.len() == 1 => Ok(values.first().copied()),
            _ => Err(Finding::Attributes),
        }
    }

    /// All values of an attribute.
    pub fn every(&self, oid: ObjectIdentifier) -> impl Iterator<Item = Value<'a>> {
        let values = self.list.iter().filter(move |(other, _)| *other == oid);
        values.flat_map(|(_, values)| values.iter().copied())
    }

    /// What names the certificate (`signingCertificate`, `signingCertificateV2`).
    pub fn named(&self) -> Result<Named<'a>, Finding> {
        let mut digests = Vec::new();
        if let Some(value) = self.once(SIGNING_CERTIFICATE)? {
            let mut id = first_id(value)?;
            digests.push((Digest::Sha1, id.next(tag::OCTET_STRING)?.content));
        }
        if let Some(value) = self.once(SIGNING_CERTIFICATE_V2)? {
            let mut id = first_id(value)?;
            let digest = match id.optional(tag::SEQUENCE)? {
                Some(identifier) => Digest::of(Identifier::read(identifier)?.oid)?,
                None => Digest::Sha256,
            };
            digests.push((digest, id.next(tag::OCTET_STRING)?.content));
        }
        Ok(if digests.is_empty() { Named::Not } else { Named::By(digests) })
    }

    /// Lists and responses that the signer put among the attributes.
    pub fn archived(&self) -> Read<Archived<'a>> {
        let mut archived = Archived::default();
        for value in self.every(REVOCATION_ARCHIVE) {
            let mut fields = value.fields(tag::SEQUENCE)?;
            for (number, list) in [(0, &mut archived.crls), (1, &mut archived.responses)] {
                if let Some(wrapped) = fields.optional(tag::context(number))? {
                    let items = Value::only(wrapped.content)?.fields(tag::SEQUENCE)?;
                    list.extend(items.all(MOST_ARCHIVED)?.iter().map(|item| item.whole));
                }
            }
        }
        Ok(archived)
    }
}

/// The fields of the first `ESSCertID`: that of the signer's own certificate.
fn first_id(value: Value<'_>) -> Read<Fields<'_>> {
    let mut ids = value.fields(tag::SEQUENCE)?.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    ids.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)
}

impl Named<'_> {
    /// Whether it can be this certificate.
    pub fn is(&self, certificate: &Certificate<'_>) -> bool {
        match self {
            Self::Not => true,
            Self::By(digests) => {
                digests.iter().all(|(digest, value)| digest.hash(&[certificate.whole]) == *value)
            }
        }
    }
}

impl From<Malformed> for Finding {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}
