//! Validates one signature (ETSI EN 319 102-1, section 5).

use crate::document::moment::Moment;
use crate::signature::cms::attributes::SIGNATURE_TIMESTAMP;
use crate::signature::cms::container::{Container, Format, ValidationData};
use crate::signature::cms::seal::SealSignature;
use crate::signature::cms::signed_data::{DATA, SignedData};
use crate::signature::cms::signer::{self, Expected, SigningCertificateAttribute};
use crate::signature::cms::timestamp::{TimestampToken, TimestampValidation};
use crate::signature::crypto::der::{Value, tag};
use crate::signature::verdict::chain_error::CertificateRole;
use crate::signature::verdict::finding::{Finding, overall_indication};
use crate::signature::verdict::indication::{Scheme, Signer, Timestamp, ValidationResult};
use crate::signature::x509::chain::{self, SignatureTimes};
use crate::signature::x509::context::ValidationContext;
use crate::signature::x509::trust::Trust;

/// A larger container is not read. Embedded revocation lists make containers large.
const MAX_CONTAINER_BYTES: usize = 16 * 1024 * 1024;

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
    let mut context = ValidationContext::of(trust, validation_data, validation_time);
    let best_signature_time =
        proof_of_existence.map_or(validation_time, |proof| proof.min(validation_time));
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
    result.finish()
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
    if data.content.is_some() {
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
    let expected =
        Expected { content: &container.covered, content_types: &DATA, signing_certificate };
    let checked = signer::check(&data, &expected, context);
    let mut findings = checked.findings;
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
    let times = SignatureTimes { claimed_signing_time: None, ..times };
    findings.extend(chain::validate(&seal.seal.maker, CertificateRole::SealMaker, times, context));
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
