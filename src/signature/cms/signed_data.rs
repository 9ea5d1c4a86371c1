//! `SignedData` of CMS (RFC 5652, section 5), and of GM/T 0010, which has names of its own for it.

use der::asn1::ObjectIdentifier;

use crate::signature::cms::attributes::{Archived, Attributes};
use crate::signature::crypto::algorithm::Identifier;
use crate::signature::crypto::der::{Fields, Read, Value, tag};
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::certificate::Certificate;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SIGNED_DATA: [ObjectIdentifier; 2] =
    [oid("1.2.840.113549.1.7.2"), oid("1.2.156.10197.6.1.4.2.2")];
/// Content that is bytes and nothing more.
pub const DATA: [ObjectIdentifier; 2] =
    [oid("1.2.840.113549.1.7.1"), oid("1.2.156.10197.6.1.4.2.1")];
const OCSP_RESPONSE: ObjectIdentifier = oid("1.3.6.1.5.5.7.16.2");

/// How many certificates or lists a container may have at all.
const MOST_PARTS: usize = 512;

/// A signed message with its one signer.
#[derive(Debug, Clone)]
pub struct SignedData<'a> {
    /// Of what kind the content is.
    pub content_type: ObjectIdentifier,
    /// The content, where it is inside.
    pub content: Option<&'a [u8]>,
    pub certificates: Vec<&'a [u8]>,
    pub revocations: Archived<'a>,
    pub signer: SignerInfo<'a>,
}

/// A signer and the signature.
#[derive(Debug, Clone)]
pub struct SignerInfo<'a> {
    id: SignerId<'a>,
    pub digest: Identifier<'a>,
    pub signed: Option<Attributes<'a>>,
    pub algorithm: Identifier<'a>,
    pub signature: &'a [u8],
    pub unsigned: Option<Attributes<'a>>,
}

/// How the signer says which certificate is its own.
#[derive(Debug, Clone, Copy)]
enum SignerId<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKey(&'a [u8]),
}

impl SignerInfo<'_> {
    /// Whether a certificate has the issuer and number, or the key, that the signer gives.
    pub fn may_be(&self, certificate: &Certificate<'_>) -> bool {
        match self.id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate.issuer == issuer && certificate.serial == serial
            }
            SignerId::SubjectKey(key) => certificate.extensions.subject_key == Some(key),
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
            None => Archived::default(),
        };
        let signers = fields.next(tag::SET)?;
        fields.end()?;

        let mut signers = signers.fields(tag::SET)?;
        if signers.is_empty() {
            return Err(Finding::NotOneSigner);
        }
        let signer = read_signer(signers.any()?)?;
        if !signers.is_empty() {
            return Err(Finding::NotOneSigner);
        }
        if let Some(attributes) = &signer.signed {
            let archived = attributes.archived()?;
            revocations.crls.extend(archived.crls);
            revocations.responses.extend(archived.responses);
        }
        Ok(Self { content_type, content, certificates, revocations, signer })
    }
}

fn read_content(value: Value<'_>) -> Read<(ObjectIdentifier, Option<&[u8]>)> {
    let mut fields = value.fields(tag::SEQUENCE)?;
    let content_type = fields.next(tag::OID)?.oid()?;
    let content = match fields.optional(tag::context(0))? {
        Some(wrapped) => Some(Value::only(wrapped.content)?.content(tag::OCTET_STRING)?),
        None => None,
    };
    fields.end()?;
    Ok((content_type, content))
}

/// The certificates of a set; those of other kinds (attributes, other formats) are passed over.
fn read_certificates(set: Value<'_>) -> Read<Vec<&[u8]>> {
    let values = Fields::of(set.content).all(MOST_PARTS)?;
    Ok(values.iter().filter(|value| value.tag == tag::SEQUENCE).map(|value| value.whole).collect())
}

/// The lists and the responses of a set.
fn read_revocations(set: Value<'_>) -> Read<Archived<'_>> {
    let mut read = Archived::default();
    for value in Fields::of(set.content).all(MOST_PARTS)? {
        if value.tag == tag::SEQUENCE {
            read.crls.push(value.whole);
        } else if value.tag == tag::context(1) {
            let mut fields = value.fields(tag::context(1))?;
            if fields.next(tag::OID)?.oid()? == OCSP_RESPONSE {
                read.responses.push(fields.any()?.whole);
            }
        }
    }
    Ok(read)
}

fn read_signer(value: Value<'_>) -> Read<SignerInfo<'_>> {
    let mut fields = value.fields(tag::SEQUENCE)?;
    fields.next(tag::INTEGER)?.small()?;
    let id = match fields.optional(tag::primitive(0))? {
        Some(key) => SignerId::SubjectKey(key.content),
        None => {
            let mut id = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            let issuer = id.next(tag::SEQUENCE)?.whole;
            let serial = id.next(tag::INTEGER)?.content;
            id.end()?;
            SignerId::IssuerAndSerial { issuer, serial }
        }
    };
    let digest = Identifier::read(fields.next(tag::SEQUENCE)?)?;
    let signed = fields.optional(tag::context(0))?.map(Attributes::read).transpose()?;
    let algorithm = Identifier::read(fields.next(tag::SEQUENCE)?)?;
    let signature = fields.next(tag::OCTET_STRING)?.content;
    let unsigned = fields.optional(tag::context(1))?.map(Attributes::read).transpose()?;
    fields.end()?;
    Ok(SignerInfo { id, digest, signed, algorithm, signature, unsigned })
}
