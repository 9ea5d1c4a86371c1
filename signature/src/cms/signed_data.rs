//! Reads `SignedData` of CMS (RFC 5652, section 5) and of GM/T 0010, which has its own object
//! identifiers for it.

use der::asn1::ObjectIdentifier;

use crate::cms::attributes::{Attributes, RevocationData};
use crate::crypto::algorithm::AlgorithmIdentifier;
use crate::crypto::der::{DerResult, Fields, Value, tag};
use crate::verdict::finding::Finding;
use crate::x509::certificate::Certificate;
use crate::x509::name::ComparableName;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub const SIGNED_DATA: [ObjectIdentifier; 2] =
    [oid("1.2.840.113549.1.7.2"), oid("1.2.156.10197.6.1.4.2.2")];
/// The content type of plain bytes.
pub const DATA: [ObjectIdentifier; 2] =
    [oid("1.2.840.113549.1.7.1"), oid("1.2.156.10197.6.1.4.2.1")];
const OCSP_RESPONSE: ObjectIdentifier = oid("1.3.6.1.5.5.7.16.2");

/// The maximum number of certificates, and of revocation items, in a container.
const MAX_ITEMS: usize = 512;

/// A signed message with exactly one signer.
#[derive(Debug, Clone)]
pub struct SignedData<'a> {
    /// The content type.
    pub content_type: ObjectIdentifier,
    /// The content, if it is encapsulated.
    pub content: Option<&'a [u8]>,
    pub certificates: Vec<&'a [u8]>,
    pub revocations: RevocationData<'a>,
    pub signer: SignerInfo<'a>,
}

/// The signer and the signature.
#[derive(Debug, Clone)]
pub struct SignerInfo<'a> {
    id: SignerId<'a>,
    pub digest: AlgorithmIdentifier<'a>,
    pub signed_attributes: Option<Attributes<'a>>,
    pub algorithm: AlgorithmIdentifier<'a>,
    pub signature: &'a [u8],
    pub unsigned_attributes: Option<Attributes<'a>>,
}

/// How the signer identifies the signing certificate.
#[derive(Debug, Clone)]
enum SignerId<'a> {
    IssuerAndSerial { issuer: ComparableName, serial: &'a [u8] },
    SubjectKeyId(&'a [u8]),
}

impl SignerInfo<'_> {
    /// Whether a certificate matches the signer identifier.
    pub fn matches(&self, certificate: &Certificate<'_>) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate.issuer == *issuer && certificate.serial == *serial
            }
            SignerId::SubjectKeyId(key) => certificate.extensions.subject_key_id == Some(*key),
        }
    }
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo`.
    pub fn read(value: Value<'a>) -> Result<Self, Finding> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let kind = fields.next(tag::OID)?.oid()?;
        if !SIGNED_DATA.contains(&kind) {
            return Err(Finding::Unsupported);
        }
        let inner = Value::only(fields.next(tag::context(0))?.content)?;
        fields.end()?;

        let mut fields = inner.fields(tag::SEQUENCE)?;
        fields.next(tag::INTEGER)?.small()?;
        fields.next(tag::SET)?;
        let (content_type, content) = read_content(fields.next(tag::SEQUENCE)?)?;
        let certificates = match fields.optional(tag::context(0))? {
            Some(set) => read_certificates(set)?,
            None => Vec::new(),
        };
        let mut revocations = match fields.optional(tag::context(1))? {
            Some(set) => read_revocations(set)?,
            None => RevocationData::default(),
        };
        let signers = fields.next(tag::SET)?;
        fields.end()?;

        let mut signers = signers.fields(tag::SET)?;
        if signers.is_empty() {
            return Err(Finding::SignerCount);
        }
        let signer = read_signer(signers.any()?)?;
        if !signers.is_empty() {
            return Err(Finding::SignerCount);
        }
        if let Some(attributes) = &signer.signed_attributes {
            let embedded = attributes.revocation_data()?;
            revocations.crls.extend(embedded.crls);
            revocations.responses.extend(embedded.responses);
        }
        Ok(Self { content_type, content, certificates, revocations, signer })
    }
}

fn read_content(value: Value<'_>) -> DerResult<(ObjectIdentifier, Option<&[u8]>)> {
    let mut fields = value.fields(tag::SEQUENCE)?;
    let content_type = fields.next(tag::OID)?.oid()?;
    let content = match fields.optional(tag::context(0))? {
        Some(wrapped) => Some(Value::only(wrapped.content)?.content(tag::OCTET_STRING)?),
        None => None,
    };
    fields.end()?;
    Ok((content_type, content))
}

/// The certificates of a set. Attribute certificates and other formats are skipped.
fn read_certificates(set: Value<'_>) -> DerResult<Vec<&[u8]>> {
    let values = Fields::of(set.content).all(MAX_ITEMS)?;
    Ok(values.iter().filter(|value| value.tag == tag::SEQUENCE).map(|value| value.der).collect())
}

/// The revocation lists and OCSP responses of a set.
fn read_revocations(set: Value<'_>) -> DerResult<RevocationData<'_>> {
    let mut read = RevocationData::default();
    for value in Fields::of(set.content).all(MAX_ITEMS)? {
        if value.tag == tag::SEQUENCE {
            read.crls.push(value.der);
        } else if value.tag == tag::context(1) {
            let mut fields = value.fields(tag::context(1))?;
            if fields.next(tag::OID)?.oid()? == OCSP_RESPONSE {
                read.responses.push(fields.any()?.der);
            }
        }
    }
    Ok(read)
}

fn read_signer(value: Value<'_>) -> DerResult<SignerInfo<'_>> {
    let mut fields = value.fields(tag::SEQUENCE)?;
    fields.next(tag::INTEGER)?.small()?;
    let id = match fields.optional(tag::primitive(0))? {
        Some(key) => SignerId::SubjectKeyId(key.content),
        None => {
            let mut id = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            let issuer = ComparableName::of(id.next(tag::SEQUENCE)?.der);
            let serial = id.next(tag::INTEGER)?.content;
            id.end()?;
            SignerId::IssuerAndSerial { issuer, serial }
        }
    };
    let digest = AlgorithmIdentifier::read(fields.next(tag::SEQUENCE)?)?;
    let signed_attributes = fields.optional(tag::context(0))?.map(Attributes::read).transpose()?;
    let algorithm = AlgorithmIdentifier::read(fields.next(tag::SEQUENCE)?)?;
    let signature = fields.next(tag::OCTET_STRING)?.content;
    let unsigned_attributes =
        fields.optional(tag::context(1))?.map(Attributes::read).transpose()?;
    fields.end()?;
    Ok(SignerInfo { id, digest, signed_attributes, algorithm, signature, unsigned_attributes })
}
