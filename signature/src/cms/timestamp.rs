//! Reads and validates time stamp tokens (RFC 3161).

use der::asn1::ObjectIdentifier;

use crate::cms::signed_data::SignedData;
use crate::cms::signer::{self, Expected, SigningCertificateAttribute};
use crate::crypto::algorithm::{AlgorithmIdentifier, DigestAlgorithm};
use crate::crypto::der::{DerResult, Malformed, Value, tag};
use crate::verdict::chain_error::{CertificateRole, ChainError};
use crate::verdict::finding::{Finding, overall_indication};
use crate::verdict::indication::{Signer, Timestamp};
use crate::x509::certificate::each_extension;
use crate::x509::chain::{self, SignatureTimes};
use crate::x509::context::ValidationContext;
use hongtou_rules::document::moment::Moment;

/// `id-ct-TSTInfo`.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// A time stamp token.
#[derive(Debug, Clone)]
pub struct TimestampToken<'a> {
    data: SignedData<'a>,
    content: &'a [u8],
    digest: AlgorithmIdentifier<'a>,
    imprint: &'a [u8],
    nonce: Option<&'a [u8]>,
    /// Its time (`genTime`).
    pub at: Moment,
}

/// The result of validating a time stamp.
#[derive(Debug)]
pub struct TimestampValidation {
    pub at: Moment,
    pub authority: Option<Signer>,
    pub algorithm: Option<String>,
    pub findings: Vec<Finding>,
}

impl<'a> TimestampToken<'a> {
    /// Reads a `TimeStampToken`.
    pub fn read(value: Value<'a>) -> Result<Self, Finding> {
        let data = SignedData::read(value)?;
        if data.content_type != TST_INFO {
            return Err(Finding::ContentType);
        }
        let content = data.content.ok_or(Finding::Malformed)?;
        let TstInfo { digest, imprint, at, nonce } = read_tst_info(content)?;
        Ok(Self { data, content, digest, imprint, nonce, at })
    }

    /// Whether it is the answer to a request with this SHA-256 and this nonce.
    pub(crate) fn answers(&self, sha256: &[u8], nonce: &[u8]) -> bool {
        DigestAlgorithm::of(self.digest.oid).is_ok_and(|digest| digest == DigestAlgorithm::Sha256)
            && self.imprint == sha256
            && self.nonce == Some(nonce)
    }

    /// Adds the certificates and revocation data of the token to the context.
    pub fn add_to(&self, context: &mut ValidationContext<'a>) {
        context.add_certificates(self.data.certificates.iter().copied());
        context.add_crls(self.data.revocations.crls.iter().copied());
        context.add_responses(self.data.revocations.responses.iter().copied());
    }

    /// Validates the time stamp of a message: its imprint, its signature and the certificate chain of
    /// its authority. The token must have been added to the context.
    pub fn validate(
        &self,
        message: &[&[u8]],
        best_signature_time: Moment,
        context: &ValidationContext<'a>,
    ) -> TimestampValidation {
        let expected = Expected {
            content: &[self.content],
            content_types: &[TST_INFO],
            signing_certificate: SigningCertificateAttribute::Required,
        };
        let checked = signer::check(&self.data, &expected, context);
        let mut findings = checked.findings;
        match DigestAlgorithm::of(self.digest.oid) {
            Ok(digest) => {
                findings.extend(digest.is_weak().then_some(Finding::WeakDigest(digest.name())));
                if digest.hash(message) != self.imprint {
                    findings.push(Finding::TimestampImprintMismatch);
                }
            }
            Err(error) => findings.push(error.into()),
        }
        if !context.is_not_in_future(self.at) {
            findings.push(Finding::TimestampInFuture(self.at));
        }
        if let Some(certificate) = &checked.certificate {
            let times = SignatureTimes { best_signature_time, claimed_signing_time: None };
            findings.extend(chain::validate(
                certificate,
                CertificateRole::TimeStampingAuthority,
                times,
                context,
            ));
            if self.at < certificate.not_before {
                let error = ChainError::NotYetValid(certificate.not_before);
                findings.push(Finding::Chain(CertificateRole::TimeStampingAuthority, error));
            }
        }
        TimestampValidation {
            at: self.at,
            authority: checked.certificate.map(|certificate| certificate.signer()),
            algorithm: checked.algorithm,
            findings,
        }
    }
}

impl TimestampValidation {
    /// Whether it proves that the stamped bytes existed at its time.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.indication().is_none())
    }

    /// The time stamp, as reported.
    pub fn timestamp(&self) -> Timestamp {
        let (indication, sub_indication, _) = overall_indication(self.findings.clone());
        Timestamp { at: self.at, authority: self.authority.clone(), indication, sub_indication }
    }
}

/// What is read of a `TSTInfo`.
struct TstInfo<'a> {
    digest: AlgorithmIdentifier<'a>,
    imprint: &'a [u8],
    at: Moment,
    nonce: Option<&'a [u8]>,
}

fn read_tst_info(bytes: &[u8]) -> DerResult<TstInfo<'_>> {
    let mut fields = Value::only(bytes)?.fields(tag::SEQUENCE)?;
    if fields.next(tag::INTEGER)?.small()? != 1 {
        return Err(Malformed);
    }
    // The policy is not checked: the trust list decides which authorities are trusted.
    fields.next(tag::OID)?;
    let mut imprint = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
    let digest = AlgorithmIdentifier::read(imprint.next(tag::SEQUENCE)?)?;
    let value = imprint.next(tag::OCTET_STRING)?.content;
    imprint.end()?;
    fields.next(tag::INTEGER)?;
    let at = fields.next(tag::GENERALIZED_TIME)?.time()?;
    // Accuracy, ordering, nonce and the name of the authority.
    fields.optional(tag::SEQUENCE)?;
    fields.optional(tag::BOOLEAN)?;
    let nonce = fields.optional(tag::INTEGER)?.map(|nonce| nonce.content);
    fields.optional(tag::context(0))?;
    if let Some(extensions) = fields.optional(tag::context(1))? {
        let wrapped = Value { tag: tag::SEQUENCE, ..extensions };
        if each_extension(wrapped)?.any(|(_, is_critical, _)| is_critical) {
            return Err(Malformed);
        }
    }
    fields.end()?;
    Ok(TstInfo { digest, imprint: value, at, nonce })
}
