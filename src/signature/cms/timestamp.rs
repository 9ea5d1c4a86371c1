//! Time stamps (RFC 3161): what they are over, when they were made, and whether they hold.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::cms::signed_data::SignedData;
use crate::signature::cms::signer::{self, Expected, Naming};
use crate::signature::crypto::algorithm::{Digest, Identifier};
use crate::signature::crypto::der::{Malformed, Read, Value, tag};
use crate::signature::verdict::chain_fault::{ChainFault, Holder};
use crate::signature::verdict::indication::{Signer, Timestamp};
use crate::signature::verdict::reason::{Finding, conclude};
use crate::signature::x509::certificate::each_extension;
use crate::signature::x509::chain::{self, Times};
use crate::signature::x509::context::ValidationContext;

/// `id-ct-TSTInfo`.
const CONTENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// A time stamp as it was read.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    data: SignedData<'a>,
    content: &'a [u8],
    digest: Identifier<'a>,
    imprint: &'a [u8],
    /// When it says that it was made.
    pub at: Moment,
}

/// What is to be held of a time stamp.
#[derive(Debug)]
pub struct Weighed {
    pub at: Moment,
    pub authority: Option<Signer>,
    pub algorithm: Option<String>,
    pub findings: Vec<Finding>,
}

impl<'a> Token<'a> {
    /// Reads a `TimeStampToken`.
    pub fn read(value: Value<'a>) -> Result<Self, Finding> {
        let data = SignedData::read(value)?;
        if data.content_type != CONTENT {
            return Err(Finding::OtherContent);
        }
        let content = data.content.ok_or(Finding::Malformed)?;
        let (digest, imprint, at) = read_content(content)?;
        Ok(Self { data, content, digest, imprint, at })
    }

    /// Gives the context what came with the time stamp.
    pub fn add_to(&self, context: &mut ValidationContext<'a>) {
        context.add_certificates(self.data.certificates.iter().copied());
        context.add_crls(self.data.revocations.crls.iter().copied());
        context.add_responses(self.data.revocations.responses.iter().copied());
    }

    /// Whether the time stamp is over a message and was made by somebody who may make them, by what
    /// was so at the proven moment. The context must have been given what came with it.
    pub fn weigh(
        &self,
        message: &[&[u8]],
        proven: Moment,
        context: &ValidationContext<'a>,
    ) -> Weighed {
        let expected = Expected {
            content: &[self.content],
            content_types: &[CONTENT],
            naming: Naming::Required,
        };
        let checked = signer::check(&self.data, &expected, context);
        let mut findings = checked.findings;
        match Digest::of(self.digest.oid) {
            Ok(digest) => {
                findings.extend(digest.is_weak().then_some(Finding::WeakDigest(digest.name())));
                if digest.hash(message) != self.imprint {
                    findings.push(Finding::TimestampOfOther);
                }
            }
            Err(fault) => findings.push(fault.into()),
        }
        if !context.can_be_of(self.at) {
            findings.push(Finding::TimestampAhead(self.at));
        }
        if let Some(certificate) = &checked.certificate {
            let times = Times { proven, claimed: None };
            findings.extend(chain::weigh(certificate, Holder::TimeStamper, times, context));
            if self.at < certificate.not_before {
                let fault = ChainFault::NotYetValid(certificate.not_before);
                findings.push(Finding::Chain(Holder::TimeStamper, fault));
            }
        }
        Weighed {
            at: self.at,
            authority: checked.certificate.map(|certificate| certificate.signer()),
            algorithm: checked.algorithm,
            findings,
        }
    }
}

impl Weighed {
    /// Whether it proves that what it is over was there at its time.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.verdict().is_none())
    }

    /// For the verdict.
    pub fn timestamp(&self) -> Timestamp {
        let (indication, sub_indication, _) = conclude(self.findings.clone());
        Timestamp { at: self.at, authority: self.authority.clone(), indication, sub_indication }
    }
}

/// The digest, the imprint and the time of a `TSTInfo`.
fn read_content(bytes: &[u8]) -> Read<(Identifier<'_>, &[u8], Moment)> {
    let mut fields = Value::only(bytes)?.fields(tag::SEQUENCE)?;
    if fields.next(tag::INTEGER)?.small()? != 1 {
        return Err(Malformed);
    }
    // The authority's policy says what it promises; that it is trusted was the office's choice.
    fields.next(tag::OID)?;
    let mut imprint = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    let digest = Identifier::read(imprint.next(tag::SEQUENCE)?)?;
    let value = imprint.next(tag::OCTET_STRING)?.content;
    imprint.end()?;
    fields.next(tag::INTEGER)?;
    let at = fields.next(tag::GENERALIZED_TIME)?.time()?;
    // How exact the time is, whether tokens have an order, the nonce, the authority's name.
    fields.optional(tag::SEQUENCE)?;
    fields.optional(tag::BOOLEAN)?;
    fields.optional(tag::INTEGER)?;
    fields.optional(tag::context(0))?;
    if let Some(extensions) = fields.optional(tag::context(1))? {
        let wrapped = Value { tag: tag::SEQUENCE, ..extensions };
        if each_extension(wrapped)?.any(|(_, is_critical, _)| is_critical) {
            return Err(Malformed);
        }
    }
    fields.end()?;
    Ok((digest, value, at))
}
