//! Validates one signature (ETSI EN 319 102-1, section 5).

use crate::cms::attributes::SIGNATURE_TIMESTAMP;
use crate::cms::container::{Container, Format, ValidationData};
use crate::cms::seal::SealSignature;
use crate::cms::signed_data::{DATA, SignedData};
use crate::cms::signer::{self, Expected, SigningCertificateAttribute};
use crate::cms::timestamp::{TimestampToken, TimestampValidation};
use crate::crypto::algorithm::DigestAlgorithm;
use crate::crypto::ber;
use crate::crypto::der::{Value, tag};
use crate::verdict::chain_error::{CertificateRole, ChainError};
use crate::verdict::finding::{Finding, overall_indication};
use crate::verdict::indication::{Scheme, Signer, Timestamp, ValidationResult};
use crate::x509::chain::{self, SignatureTimes};
use crate::x509::context::ValidationContext;
use crate::x509::trust::Trust;
use hongtou_rules::document::moment::Moment;

/// A larger container is not read. Embedded revocation lists make containers large.
const MAX_CONTAINER_BYTES: usize = 16 * 1024 * 1024;

const SHA1: &str = "SHA-1";

/// Further time stamps of a signature are ignored.
const MAX_TIMESTAMPS: usize = 4;

/// Validates a signature at a validation time, with the trust settings and the validation data of
/// its file.
///
/// `proof_of_existence` is the time of a valid document time stamp that covers the signature. The
/// time of a document time stamp itself (`Format::Rfc3161`) is in `ValidationResult::timestamp`.
pub fn validate_signature(
    container: &Container<'_>,
    validation_data: &ValidationData,
    proof_of_existence: Option<Moment>,
    trust: &Trust,
    validation_time: Moment,
) -> ValidationResult {
    let validate = |container: &Container<'_>| {
        let context = ValidationContext::of(trust, validation_data, validation_time);
        let best_signature_time =
            proof_of_existence.map_or(validation_time, |proof| proof.min(validation_time));
        validate_der(container, best_signature_time, context)
    };
    let result = validate(container);
    if result.findings != [Finding::Malformed] {
        return result.finish();
    }
    let Some(der) = converted(container) else { return result.finish() };
    let mut result = validate(&Container { contents: &der, ..container.clone() });
    result.findings.push(Finding::BerEncoding);
    result.finish()
}

/// The contents in DER if they are in BER.
fn converted(container: &Container<'_>) -> Option<Vec<u8>> {
    let (mut der, length) = ber::to_der(container.contents).ok()?;
    let (ber, padding) = container.contents.split_at(length);
    let is_ber = der != ber;
    der.extend_from_slice(padding);
    is_ber.then_some(der)
}

fn validate_der<'a>(
    container: &Container<'a>,
    best_signature_time: Moment,
    mut context: ValidationContext<'a>,
) -> PartialResult {
    if container.format == Format::X509RsaSha1 {
        return PartialResult::of_finding(Scheme::Unknown, Finding::WeakDigest(SHA1));
    }
    let mut result = match container_value(container) {
        Ok(value) if container.format == Format::Rfc3161 => {
            validate_document_timestamp(value, container, best_signature_time, &mut context)
        }
        Ok(value) if SealSignature::looks_like(value) => {
            validate_seal(value, container, best_signature_time, &mut context)
        }
        Ok(value) => validate_cms(value, container, best_signature_time, &mut context),
        Err(finding) => PartialResult::of_finding(Scheme::Unknown, finding),
    };
    result.findings.extend(context.work_limit_finding());
    result
}

/// A result before its indication is determined.
struct PartialResult {
    scheme: Scheme,
    findings: Vec<Finding>,
    algorithm: Option<String>,
    signer: Option<Signer>,
    claimed_at: Option<Moment>,
    timestamp: Option<Timestamp>,
}

impl PartialResult {
    fn of_finding(scheme: Scheme, finding: Finding) -> Self {
        Self {
            scheme,
            findings: vec![finding],
            algorithm: None,
            signer: None,
            claimed_at: None,
            timestamp: None,
        }
    }

    fn finish(self) -> ValidationResult {
        let (indication, sub_indication, reasons) = overall_indication(self.findings);
        ValidationResult {
            indication,
            sub_indication,
            scheme: self.scheme,
            algorithm: self.algorithm,
            signer: self.signer,
            claimed_at: self.claimed_at,
            timestamp: self.timestamp,
            reasons,
        }
    }
}

/// The value in `/Contents`. Only zero bytes may follow it.
fn container_value<'a>(container: &Container<'a>) -> Result<Value<'a>, Finding> {
    if container.contents.len() > MAX_CONTAINER_BYTES {
        return Err(Finding::TooLarge);
    }
    let (value, rest) = Value::first(container.contents)?;
    // Some formats have a bare signature value.
    if value.tag != tag::SEQUENCE {
        return Err(Finding::Unsupported);
    }
    if rest.iter().any(|byte| *byte != 0) {
        return Err(Finding::TrailingBytes);
    }
    Ok(value)
}

fn validate_cms<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    best_signature_time: Moment,
    context: &mut ValidationContext<'a>,
) -> PartialResult {
    let data = match SignedData::read(value) {
        Ok(data) => data,
        Err(Finding::Unsupported) => {
            return PartialResult::of_finding(Scheme::Unknown, Finding::Unsupported);
        }
        Err(finding) => return PartialResult::of_finding(Scheme::Cms, finding),
    };
    let mut findings = Vec::new();
    let mut content: Vec<&[u8]> = container.covered.to_vec();
    if let (Format::Pkcs7Sha1, Some(digest)) = (&container.format, data.content) {
        // The signer signs the digest of the file, which proves nothing: other files can have it.
        findings.push(Finding::WeakDigest(SHA1));
        if DigestAlgorithm::Sha1.hash(&container.covered) != digest {
            findings.push(Finding::DigestMismatch);
        }
        content = vec![digest];
    } else if data.content.is_some() {
        // In unsupported formats the content may be the digest of the file.
        let finding = match container.format {
            Format::Other(_) => Finding::Unsupported,
            _ => Finding::EncapsulatedContent,
        };
        return PartialResult::of_finding(Scheme::Cms, finding);
    }
    context.add_certificates(data.certificates.iter().copied());
    context.add_crls(data.revocations.crls.iter().copied());
    context.add_responses(data.revocations.responses.iter().copied());

    let tokens =
        data.signer.unsigned_attributes.iter().flat_map(|list| list.values(SIGNATURE_TIMESTAMP));
    let timestamps =
        SignatureTimestamps::of(tokens, &[data.signer.signature], best_signature_time, context);
    let signing_certificate = match container.format {
        Format::CadesDetached => SigningCertificateAttribute::Required,
        _ => SigningCertificateAttribute::Optional,
    };
    let expected = Expected { content: &content, content_types: &DATA, signing_certificate };
    let checked = signer::check(&data, &expected, context);
    findings.extend(checked.findings);
    if let Some(certificate) = &checked.certificate {
        let times = SignatureTimes {
            best_signature_time: timestamps.best_signature_time,
            claimed_signing_time: checked.claimed_at,
        };
        findings.extend(chain::validate(certificate, CertificateRole::Signer, times, context));
    }
    findings.extend(timestamps.findings);
    PartialResult {
        scheme: Scheme::Cms,
        findings,
        algorithm: checked.algorithm,
        signer: checked.certificate.map(|certificate| certificate.signer()),
        claimed_at: checked.claimed_at,
        timestamp: timestamps.timestamp,
    }
}

fn validate_document_timestamp<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    best_signature_time: Moment,
    context: &mut ValidationContext<'a>,
) -> PartialResult {
    let token = match TimestampToken::read(value) {
        Ok(token) => token,
        Err(finding) => return PartialResult::of_finding(Scheme::Timestamp, finding),
    };
    token.add_to(context);
    let validated = token.validate(&container.covered, best_signature_time, context);
    let timestamp = Some(validated.timestamp());
    let findings = validated.findings.into_iter().map(|finding| match finding {
        Finding::TimestampImprintMismatch => Finding::DigestMismatch,
        other => other,
    });
    PartialResult {
        scheme: Scheme::Timestamp,
        findings: findings.collect(),
        algorithm: validated.algorithm,
        signer: validated.authority,
        claimed_at: None,
        timestamp,
    }
}

fn validate_seal<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    best_signature_time: Moment,
    context: &mut ValidationContext<'a>,
) -> PartialResult {
    let seal = match SealSignature::read(value) {
        Ok(seal) => seal,
        Err(malformed) => return PartialResult::of_finding(Scheme::Ses, malformed.into()),
    };
    let timestamps = SignatureTimestamps::of(
        seal.timestamp.into_iter(),
        &[seal.signature],
        best_signature_time,
        context,
    );
    let mut findings = seal.findings(&container.covered, timestamps.best_signature_time);
    let times = SignatureTimes {
        best_signature_time: timestamps.best_signature_time,
        claimed_signing_time: seal.time,
    };
    findings.extend(chain::validate(&seal.certificate, CertificateRole::Signer, times, context));
    findings.extend(maker_findings(&seal, timestamps.best_signature_time, context));
    findings.extend(timestamps.findings);
    PartialResult {
        scheme: Scheme::Ses,
        findings,
        algorithm: seal.algorithm(),
        signer: Some(seal.certificate.signer()),
        claimed_at: seal.time,
        timestamp: timestamps.timestamp,
    }
}

/// The findings on the chain of the maker of a seal. It is judged at the time when the seal was made,
/// as certificates of makers are often shorter than their seals. Revocation counts whenever it was: the
/// maker alone says when the seal was made.
fn maker_findings(
    seal: &SealSignature<'_>,
    best_signature_time: Moment,
    context: &ValidationContext<'_>,
) -> Vec<Finding> {
    let validate_at = |best_signature_time| {
        let times = SignatureTimes { best_signature_time, claimed_signing_time: None };
        chain::validate(&seal.seal.maker, CertificateRole::SealMaker, times, context)
    };
    let mut findings = validate_at(seal.seal.made_at.min(best_signature_time));
    let revoked = validate_at(best_signature_time).into_iter().filter(|finding| {
        let Finding::Chain(_, error) = finding else { return false };
        matches!(error, ChainError::RevokedUnproven(_) | ChainError::IssuerRevoked(_))
    });
    findings.extend(revoked);
    findings
}

/// The validated time stamps of a signature.
struct SignatureTimestamps {
    /// The earliest time of a valid time stamp or an earlier proof of existence.
    best_signature_time: Moment,
    /// The earliest valid time stamp, or an invalid one if none is valid.
    timestamp: Option<Timestamp>,
    findings: Vec<Finding>,
}

impl SignatureTimestamps {
    fn of<'a>(
        tokens: impl Iterator<Item = Value<'a>>,
        message: &[&[u8]],
        best_signature_time: Moment,
        context: &mut ValidationContext<'a>,
    ) -> Self {
        let mut timestamps = Self { best_signature_time, timestamp: None, findings: Vec::new() };
        let mut best: Option<TimestampValidation> = None;
        for value in tokens.take(MAX_TIMESTAMPS) {
            let token = match TimestampToken::read(value) {
                Ok(token) => token,
                Err(finding) => {
                    timestamps.findings.push(Finding::TimestampIgnored(Box::new(finding)));
                    continue;
                }
            };
            token.add_to(context);
            let validated = token.validate(message, best_signature_time, context);
            let worst = validated.findings.iter().find(|finding| finding.indication().is_some());
            if let Some(finding) = worst {
                let finding = Finding::TimestampIgnored(Box::new(finding.clone()));
                timestamps.findings.push(finding);
            } else {
                timestamps.best_signature_time = timestamps.best_signature_time.min(validated.at);
            }
            let is_better = best.as_ref().is_none_or(|best| {
                validated.is_valid() && (!best.is_valid() || validated.at < best.at)
            });
            if is_better {
                best = Some(validated);
            }
        }
        timestamps.timestamp = best.map(|best| best.timestamp());
        timestamps
    }
}
