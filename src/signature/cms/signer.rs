//! Whether a signed message is its signer's: digest, attributes, certificate, signature.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::cms::attributes::{
    Attributes, CONTENT_TYPE, MESSAGE_DIGEST, Named, SIGNING_TIME,
};
use crate::signature::cms::signed_data::SignedData;
use crate::signature::crypto::algorithm::{Digest, Signing};
use crate::signature::crypto::der::tag;
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::context::ValidationContext;

/// Whether a signed attribute must name the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// By CAdES, PAdES and RFC 3161.
    Required,
    /// By CMS alone.
    Optional,
}

/// What a signed message must be.
pub struct Expected<'e> {
    /// The content, in parts that follow one another.
    pub content: &'e [&'e [u8]],
    /// Of what kind it may be.
    pub content_types: &'e [ObjectIdentifier],
    pub naming: Naming,
}

/// What came of checking a signed message by itself, before any trust.
#[derive(Debug)]
pub struct Checked<'a> {
    pub findings: Vec<Finding>,
    pub certificate: Option<Certificate<'a>>,
    /// Such as `ECDSA P-256, SHA-256`.
    pub algorithm: Option<String>,
    pub claimed_at: Option<Moment>,
}

/// Checks that a message has the expected content and that its signer signed it. The context must hold
/// the message's certificates.
pub fn check<'a>(
    data: &SignedData<'a>,
    expected: &Expected<'_>,
    context: &ValidationContext<'a>,
) -> Checked<'a> {
    let mut findings = Vec::new();
    if !expected.content_types.contains(&data.content_type) {
        findings.push(Finding::OtherContent);
    }
    let digest = match Digest::of(data.signer.digest.oid) {
        Ok(digest) => {
            findings.extend(digest.is_weak().then_some(Finding::WeakDigest(digest.name())));
            Some(digest)
        }
        Err(fault) => {
            findings.push(fault.into());
            None
        }
    };
    let attributes = data.signer.signed.as_ref();
    let mut claimed_at = None;
    let mut named = Named::Not;
    match attributes {
        None => findings.push(Finding::NoSignedAttributes),
        Some(attributes) => {
            findings.extend(attribute_faults(data, attributes, digest, expected));
            match attributes.named() {
                Ok(found) => named = found,
                Err(fault) => findings.push(fault),
            }
            let time = attributes.once(SIGNING_TIME).ok().flatten();
            claimed_at = time.and_then(|time| time.time().ok());
            if named == Named::Not && expected.naming == Naming::Required {
                findings.push(Finding::NoCertificateAttribute);
            }
        }
    }
    let certificate = find(data, &named, context).map_err(|fault| findings.push(fault)).ok();
    let mut algorithm = None;
    if let (Some(certificate), Some(digest)) = (&certificate, digest) {
        match Signing::with(&data.signer.algorithm, digest) {
            Ok(signing) => {
                algorithm = Some(certificate.key.describe(signing));
                findings.extend(signature_fault(data, certificate, signing, expected));
            }
            Err(fault) => findings.push(fault.into()),
        }
    }
    Checked { findings, certificate, algorithm, claimed_at }
}

/// What is wrong with the signed attributes, the digest of the content among them.
fn attribute_faults(
    data: &SignedData<'_>,
    attributes: &Attributes<'_>,
    digest: Option<Digest>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let content_type = attributes.once(CONTENT_TYPE);
    let is_content_type = content_type
        .is_ok_and(|value| value.is_some_and(|value| value.oid() == Ok(data.content_type)));
    let message_digest = attributes.once(MESSAGE_DIGEST);
    let message_digest = message_digest.ok().flatten();
    let message_digest = message_digest.and_then(|value| value.content(tag::OCTET_STRING).ok());
    let is_time_readable = match attributes.once(SIGNING_TIME) {
        Ok(time) => time.is_none_or(|time| time.time().is_ok()),
        Err(_) => false,
    };
    if !is_content_type || message_digest.is_none() || !is_time_readable {
        findings.push(Finding::Attributes);
    }
    if let (Some(message_digest), Some(digest)) = (message_digest, digest)
        && digest.hash(expected.content) != message_digest
    {
        findings.push(Finding::DocumentChanged);
    }
    findings
}

/// The signer's certificate, among those that fit the one that an attribute names.
fn find<'a>(
    data: &SignedData<'a>,
    named: &Named<'_>,
    context: &ValidationContext<'a>,
) -> Result<Certificate<'a>, Finding> {
    let fitting = || context.certificates().iter().filter(|other| data.signer.may_be(other));
    let certificate = fitting().find(|certificate| named.is(certificate));
    certificate.cloned().ok_or_else(|| match fitting().next() {
        Some(_) => Finding::OtherCertificate,
        None => Finding::NoCertificate,
    })
}

fn signature_fault(
    data: &SignedData<'_>,
    certificate: &Certificate<'_>,
    signing: Signing,
    expected: &Expected<'_>,
) -> Option<Finding> {
    let message = match &data.signer.signed {
        Some(attributes) => attributes.signed_bytes(),
        None => expected.content.concat(),
    };
    let verified = certificate.key.verify(signing, &message, data.signer.signature);
    verified.err().map(Finding::from)
}
