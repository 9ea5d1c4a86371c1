//! Judges one signature (ETSI EN 319 102-1, section 5).

use crate::document::moment::Moment;
use crate::signature::cms::attributes::SIGNATURE_TIMESTAMP;
use crate::signature::cms::container::{Container, Evidence, Format};
use crate::signature::cms::seal::SealSignature;
use crate::signature::cms::signed_data::{DATA, SignedData};
use crate::signature::cms::signer::{self, Expected, Naming};
use crate::signature::cms::timestamp::{Token, Weighed};
use crate::signature::crypto::der::{Value, tag};
use crate::signature::verdict::chain_fault::Holder;
use crate::signature::verdict::indication::{Judgement, Scheme, Signer, Timestamp};
use crate::signature::verdict::reason::{Finding, conclude};
use crate::signature::x509::chain::{self, Times};
use crate::signature::x509::context::ValidationContext;
use crate::signature::x509::trust::Trust;

/// No container is larger. Lists that were put into it make large ones.
const LARGEST: usize = 16 * 1024 * 1024;

/// How many time stamps over one signature are looked at.
const MOST_TIMESTAMPS: usize = 4;

/// Judges a signature by what is trusted, with what the file brings along, at a moment.
///
/// A time stamp of the whole document (`Format::Rfc3161`) has its time in `Judgement::timestamp`;
/// where it holds, it is `Evidence::proven_at` for the signatures that it covers.
pub fn judge(
    container: &Container<'_>,
    evidence: &Evidence,
    trust: &Trust,
    at: Moment,
) -> Judgement {
    let mut context = ValidationContext::of(trust, evidence, at);
    let proven = evidence.proven_at.map_or(at, |proven_at| proven_at.min(at));
    let mut outcome = match open(container) {
        Ok(value) if container.format == Format::Rfc3161 => {
            judge_timestamp(value, container, proven, &mut context)
        }
        Ok(value) if SealSignature::is_one(value) => {
            judge_seal(value, container, proven, &mut context)
        }
        Ok(value) => judge_cms(value, container, proven, &mut context),
        Err(finding) => Outcome::only(Scheme::Unknown, finding),
    };
    outcome.findings.extend(context.left_out());
    outcome.judgement()
}

/// What came of a signature.
struct Outcome {
    scheme: Scheme,
    findings: Vec<Finding>,
    algorithm: Option<String>,
    signer: Option<Signer>,
    claimed_at: Option<Moment>,
    timestamp: Option<Timestamp>,
}

impl Outcome {
    fn only(scheme: Scheme, finding: Finding) -> Self {
        Self {
            scheme,
            findings: vec![finding],
            algorithm: None,
            signer: None,
            claimed_at: None,
            timestamp: None,
        }
    }

    fn judgement(self) -> Judgement {
        let (indication, sub_indication, reasons) = conclude(self.findings);
        Judgement {
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

/// The value in `/Contents`, behind which only zeros may stand.
fn open<'a>(container: &Container<'a>) -> Result<Value<'a>, Finding> {
    if container.contents.len() > LARGEST {
        return Err(Finding::TooLarge);
    }
    let (value, rest) = Value::first(container.contents)?;
    // Some formats have a bare signature there.
    if value.tag != tag::SEQUENCE {
        return Err(Finding::Unsupported);
    }
    if rest.iter().any(|byte| *byte != 0) {
        return Err(Finding::BytesBehind);
    }
    Ok(value)
}

fn judge_cms<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    proven: Moment,
    context: &mut ValidationContext<'a>,
) -> Outcome {
    let data = match SignedData::read(value) {
        Ok(data) => data,
        Err(Finding::Unsupported) => return Outcome::only(Scheme::Unknown, Finding::Unsupported),
        Err(finding) => return Outcome::only(Scheme::Cms, finding),
    };
    if data.content.is_some() {
        // In formats that this program does not know, the content may be the file's digest.
        let finding = match container.format {
            Format::Other(_) => Finding::Unsupported,
            _ => Finding::ContentInside,
        };
        return Outcome::only(Scheme::Cms, finding);
    }
    context.add_certificates(data.certificates.iter().copied());
    context.add_crls(data.revocations.crls.iter().copied());
    context.add_responses(data.revocations.responses.iter().copied());

    let tokens = data.signer.unsigned.iter().flat_map(|list| list.every(SIGNATURE_TIMESTAMP));
    let stamps = Stamps::of(tokens, &[data.signer.signature], proven, context);
    let naming = match container.format {
        Format::CadesDetached => Naming::Required,
        _ => Naming::Optional,
    };
    let expected = Expected { content: &container.covered, content_types: &DATA, naming };
    let checked = signer::check(&data, &expected, context);
    let mut findings = checked.findings;
    if let Some(certificate) = &checked.certificate {
        let times = Times { proven: stamps.proven, claimed: checked.claimed_at };
        findings.extend(chain::weigh(certificate, Holder::Signer, times, context));
    }
    findings.extend(stamps.findings);
    Outcome {
        scheme: Scheme::Cms,
        findings,
        algorithm: checked.algorithm,
        signer: checked.certificate.map(|certificate| certificate.signer()),
        claimed_at: checked.claimed_at,
        timestamp: stamps.timestamp,
    }
}

fn judge_timestamp<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    proven: Moment,
    context: &mut ValidationContext<'a>,
) -> Outcome {
    let token = match Token::read(value) {
        Ok(token) => token,
        Err(finding) => return Outcome::only(Scheme::Timestamp, finding),
    };
    token.add_to(context);
    let weighed = token.weigh(&container.covered, proven, context);
    let timestamp = Some(weighed.timestamp());
    let findings = weighed.findings.into_iter().map(|finding| match finding {
        Finding::TimestampOfOther => Finding::DocumentChanged,
        other => other,
    });
    Outcome {
        scheme: Scheme::Timestamp,
        findings: findings.collect(),
        algorithm: weighed.algorithm,
        signer: weighed.authority,
        claimed_at: None,
        timestamp,
    }
}

fn judge_seal<'a>(
    value: Value<'a>,
    container: &Container<'a>,
    proven: Moment,
    context: &mut ValidationContext<'a>,
) -> Outcome {
    let seal = match SealSignature::read(value) {
        Ok(seal) => seal,
        Err(malformed) => return Outcome::only(Scheme::Ses, malformed.into()),
    };
    let stamps = Stamps::of(seal.timestamp.into_iter(), &[seal.signature], proven, context);
    let mut findings = seal.faults(&container.covered, stamps.proven);
    let times = Times { proven: stamps.proven, claimed: seal.time };
    findings.extend(chain::weigh(&seal.certificate, Holder::Signer, times, context));
    let times = Times { claimed: None, ..times };
    findings.extend(chain::weigh(&seal.seal.maker, Holder::SealMaker, times, context));
    findings.extend(stamps.findings);
    Outcome {
        scheme: Scheme::Ses,
        findings,
        algorithm: seal.algorithm(),
        signer: Some(seal.certificate.signer()),
        claimed_at: seal.time,
        timestamp: stamps.timestamp,
    }
}

/// The time stamps over a signature.
struct Stamps {
    /// By when the signature was there: the earliest of those that hold, or what was known before.
    proven: Moment,
    timestamp: Option<Timestamp>,
    findings: Vec<Finding>,
}

impl Stamps {
    fn of<'a>(
        tokens: impl Iterator<Item = Value<'a>>,
        message: &[&[u8]],
        proven: Moment,
        context: &mut ValidationContext<'a>,
    ) -> Self {
        let mut stamps = Self { proven, timestamp: None, findings: Vec::new() };
        let mut best: Option<Weighed> = None;
        for value in tokens.take(MOST_TIMESTAMPS) {
            let token = match Token::read(value) {
                Ok(token) => token,
                Err(finding) => {
                    stamps.findings.push(Finding::TimestampIgnored(Box::new(finding)));
                    continue;
                }
            };
            token.add_to(context);
            let weighed = token.weigh(message, proven, context);
            let worst = weighed.findings.iter().find(|finding| finding.verdict().is_some());
            if let Some(finding) = worst {
                let finding = Finding::TimestampIgnored(Box::new(finding.clone()));
                stamps.findings.push(finding);
            } else {
                stamps.proven = stamps.proven.min(weighed.at);
            }
            let is_better = best
                .as_ref()
                .is_none_or(|best| weighed.holds() && (!best.holds() || weighed.at < best.at));
            if is_better {
                best = Some(weighed);
            }
        }
        stamps.timestamp = best.map(|best| best.timestamp());
        stamps
    }
}
