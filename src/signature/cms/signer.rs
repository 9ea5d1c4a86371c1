//! Checks a CMS signer without its trust: attributes, digest, signing certificate, signature value.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::cms::attributes::{
    Attributes, CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, SigningCertificateId,
};
use crate::signature::cms::signed_data::SignedData;
use crate::signature::crypto::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::signature::crypto::der::tag;
use crate::signature::verdict::finding::Finding;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::context::ValidationContext;

/// Whether a signing-certificate attribute is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningCertificateAttribute {
    /// In CAdES, PAdES and RFC 3161.
    Required,
    /// In plain CMS.
    Optional,
}

/// The expected content of a signed message.
pub struct Expected<'e> {
    /// The content, as concatenated parts.
    pub content: &'e [&'e [u8]],
    /// The allowed content types.
    pub content_types: &'e [ObjectIdentifier],
    pub signing_certificate: SigningCertificateAttribute,
}

/// A checked signer. Its certificate is not validated yet.
#[derive(Debug)]
pub struct CheckedSigner<'a> {
    pub findings: Vec<Finding>,
    pub certificate: Option<Certificate<'a>>,
    /// The algorithm, such as `ECDSA P-256, SHA-256`.
    pub algorithm: Option<String>,
    pub claimed_at: Option<Moment>,
}

/// Checks that the signer of a message signed the expected content. The certificates of the message
/// must have been added to the context.
pub fn check<'a>(
    data: &SignedData<'a>,
    expected: &Expected<'_>,
    context: &ValidationContext<'a>,
) -> CheckedSigner<'a> {
    let mut findings = Vec::new();
    if !expected.content_types.contains(&data.content_type) {
        findings.push(Finding::ContentType);
    }
    let digest = match DigestAlgorithm::of(data.signer.digest.oid) {
        Ok(digest) => {
            findings.extend(digest.is_weak().then_some(Finding::WeakDigest(digest.name())));
            Some(digest)
        }
        Err(error) => {
            findings.push(error.into());
            None
        }
    };
    let attributes = data.signer.signed_attributes.as_ref();
    let mut claimed_at = None;
    let mut certificate_id = SigningCertificateId::Absent;
    match attributes {
        None => findings.push(Finding::NoSignedAttributes),
        Some(attributes) => {
            findings.extend(attribute_findings(data, attributes, digest, expected));
            match attributes.signing_certificate_id() {
                Ok(found) => certificate_id = found,
                Err(finding) => findings.push(finding),
            }
            let time = attributes.single(SIGNING_TIME).ok().flatten();
            claimed_at = time.and_then(|time| time.time().ok());
            if certificate_id == SigningCertificateId::Absent
                && expected.signing_certificate == SigningCertificateAttribute::Required
            {
                findings.push(Finding::NoSigningCertificateAttribute);
            }
        }
    }
    let certificate = find_certificate(data, &certificate_id, context)
        .map_err(|finding| findings.push(finding))
        .ok();
    let mut algorithm = None;
    if let (Some(certificate), Some(digest)) = (&certificate, digest) {
        match SignatureAlgorithm::with_digest(&data.signer.algorithm, digest) {
            Ok(signature_algorithm) => {
                algorithm = Some(certificate.key.describe(signature_algorithm));
                findings.extend(signature_finding(
                    data,
                    certificate,
                    signature_algorithm,
                    expected,
                ));
            }
            Err(error) => findings.push(error.into()),
        }
    }
    CheckedSigner { findings, certificate, algorithm, claimed_at }
}

/// Checks the signed attributes, including the message digest.
fn attribute_findings(
    data: &SignedData<'_>,
    attributes: &Attributes<'_>,
    digest: Option<DigestAlgorithm>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let content_type = attributes.single(CONTENT_TYPE);
    let is_content_type = content_type
        .is_ok_and(|value| value.is_some_and(|value| value.oid() == Ok(data.content_type)));
    let message_digest = attributes.single(MESSAGE_DIGEST);
    let message_digest = message_digest.ok().flatten();
    let message_digest = message_digest.and_then(|value| value.content(tag::OCTET_STRING).ok());
    let is_time_readable = match attributes.single(SIGNING_TIME) {
        Ok(time) => time.is_none_or(|time| time.time().is_ok()),
        Err(_) => false,
    };
    if !is_content_type || message_digest.is_none() || !is_time_readable {
        findings.push(Finding::SignedAttributes);
    }
    if let (Some(message_digest), Some(digest)) = (message_digest, digest)
        && digest.hash(expected.content) != message_digest
    {
        findings.push(Finding::DigestMismatch);
    }
    findings
}

/// Finds the signing certificate: it matches the signer identifier and the signing-certificate
/// attribute.
fn find_certificate<'a>(
    data: &SignedData<'a>,
    id: &SigningCertificateId<'_>,
    context: &ValidationContext<'a>,
) -> Result<Certificate<'a>, Finding> {
    let candidates = || context.certificates().iter().filter(|other| data.signer.matches(other));
    let certificate = candidates().find(|certificate| id.matches(certificate));
    certificate.cloned().ok_or_else(|| match candidates().next() {
        Some(_) => Finding::SigningCertificateMismatch,
        None => Finding::NoSigningCertificate,
    })
}

fn signature_finding(
    data: &SignedData<'_>,
    certificate: &Certificate<'_>,
    algorithm: SignatureAlgorithm,
    expected: &Expected<'_>,
) -> Option<Finding> {
    let message = match &data.signer.signed_attributes {
        Some(attributes) => attributes.signed_bytes(),
        None => expected.content.concat(),
    };
    let verified = certificate.key.verify(algorithm, &message, data.signer.signature);
    verified.err().map(Finding::from)
}
