//! OCSP responses (RFC 6960).

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{Digest, Identifier, Signing};
use crate::signature::crypto::der::{Malformed, Read, Value, tag};
use crate::signature::x509::budget::Budget;
use crate::signature::x509::cert_status::{CertStatus, UpdatePeriod};
use crate::signature::x509::certificate::{Certificate, OCSP_SIGNING, Usage, each_extension};
use crate::signature::x509::crl::Crl;

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

const MOST_ANSWERS: usize = 64;
const MOST_CERTIFICATES: usize = 8;

/// A response without `nextUpdate` says that newer ones are available at any time. It is taken as
/// current for a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An OCSP response.
#[derive(Debug, Clone)]
pub struct Response<'a> {
    signed: &'a [u8],
    produced_at: Moment,
    answers: Vec<Answer<'a>>,
    algorithm: Identifier<'a>,
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
}

/// What a response says about one certificate.
#[derive(Debug, Clone, Copy)]
struct Answer<'a> {
    digest: ObjectIdentifier,
    issuer_name: &'a [u8],
    issuer_key: &'a [u8],
    serial: &'a [u8],
    /// `None` if the responder does not know the certificate.
    status: Option<CertStatus>,
    period: UpdatePeriod,
}

impl<'a> Response<'a> {
    /// Reads an `OCSPResponse` that has an answer.
    pub fn read(bytes: &'a [u8]) -> Read<Self> {
        let mut outer = Value::only(bytes)?.fields(tag::SEQUENCE)?;
        if outer.next(tag::ENUMERATED)?.content != [0] {
            return Err(Malformed);
        }
        let wrapped = Value::only(outer.next(tag::context(0))?.content)?;
        outer.end()?;
        let mut wrapped = wrapped.fields(tag::SEQUENCE)?;
        if wrapped.next(tag::OID)?.oid()? != BASIC {
            return Err(Malformed);
        }
        let basic = Value::only(wrapped.next(tag::OCTET_STRING)?.content)?;
        wrapped.end()?;
        Self::read_basic(basic)
    }

    fn read_basic(basic: Value<'a>) -> Read<Self> {
        let mut fields = basic.fields(tag::SEQUENCE)?;
        let signed = fields.next(tag::SEQUENCE)?;
        let algorithm = Identifier::read(fields.next(tag::SEQUENCE)?)?;
        let signature = fields.next(tag::BIT_STRING)?.bits()?;
        let certificates = match fields.optional(tag::context(0))? {
            Some(list) => {
                let list = Value::only(list.content)?.fields(tag::SEQUENCE)?;
                list.all(MOST_CERTIFICATES)?.iter().map(|value| value.whole).collect()
            }
            None => Vec::new(),
        };
        fields.end()?;

        let mut fields = signed.fields(tag::SEQUENCE)?;
        fields.optional(tag::context(0))?;
        // The responder is identified by its key, not by this field.
        fields.any()?;
        let produced_at = fields.next(tag::GENERALIZED_TIME)?.time()?;
        let answers = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?.all(MOST_ANSWERS)?;
        let answers = answers.into_iter().map(Answer::read).collect::<Read<_>>()?;
        refuse_critical(fields.optional(tag::context(1))?)?;
        fields.end()?;
        Ok(Self { signed: signed.whole, produced_at, answers, algorithm, signature, certificates })
    }

    /// What the response says about a certificate; `None` if it says nothing, or if neither the
    /// issuer nor its delegate signed it.
    pub fn status_of(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        proven: Moment,
        crls: &[Crl<'_>],
        budget: &Budget,
    ) -> Option<CertStatus> {
        let answer = self.answers.iter().find(|answer| answer.is_of(certificate, issuer))?;
        let is_current = answer.period.covers(certificate.not_after, proven, budget);
        let status = match answer.status? {
            revoked @ CertStatus::Revoked { is_on_hold: false, .. } => revoked,
            _ if !is_current => return None,
            current => current,
        };
        self.is_signed(issuer, crls, budget).then_some(status)
    }

    /// Whether the issuer or a delegated responder signed the response.
    fn is_signed(&self, issuer: &Certificate<'_>, crls: &[Crl<'_>], budget: &Budget) -> bool {
        let Ok(signing) = Signing::of(&self.algorithm) else { return false };
        let is_by = |holder: &Certificate<'_>| {
            budget.verify(&holder.key, signing, self.signed, self.signature).is_ok()
        };
        let certificates = self.certificates.iter().flat_map(|bytes| Certificate::read(bytes));
        is_by(issuer)
            || certificates
                .filter(|holder| self.is_delegate(holder, issuer, crls, budget))
                .any(|holder| is_by(&holder))
    }

    /// Whether the issuer delegated responding to the holder of a certificate.
    fn is_delegate(
        &self,
        holder: &Certificate<'_>,
        issuer: &Certificate<'_>,
        crls: &[Crl<'_>],
        budget: &Budget,
    ) -> bool {
        let extensions = &holder.extensions;
        let is_named = extensions
            .purposes
            .as_ref()
            .is_some_and(|purposes| purposes.oids.contains(&OCSP_SIGNING));
        let is_valid = (holder.not_before..=holder.not_after).contains(&self.produced_at);
        let signs = extensions.usage.is_none_or(Usage::signs_documents);
        let is_issued = || {
            Signing::of(&holder.algorithm).is_ok_and(|signing| {
                budget.verify(&issuer.key, signing, holder.signed, holder.signature).is_ok()
            })
        };
        let is_revoked = || {
            !extensions.is_not_checked
                && crls
                    .iter()
                    .filter_map(|crl| crl.status_of(holder, issuer, self.produced_at, budget))
                    .any(|status| status != CertStatus::Good)
        };
        holder.issuer == issuer.subject
            && is_named
            && is_valid
            && signs
            && extensions.unknown.is_none()
            && is_issued()
            && !is_revoked()
    }
}

impl<'a> Answer<'a> {
    fn read(value: Value<'a>) -> Read<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let mut id = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
        let digest = Identifier::read(id.next(tag::SEQUENCE)?)?.oid;
        let issuer_name = id.next(tag::OCTET_STRING)?.content;
        let issuer_key = id.next(tag::OCTET_STRING)?.content;
        let serial = id.next(tag::INTEGER)?.content;
        id.end()?;

        let status = fields.any()?;
        let status = if status.tag == tag::primitive(0) {
            Some(CertStatus::Good)
        } else if status.tag == tag::context(1) {
            let mut revoked = status.fields(tag::context(1))?;
            let at = revoked.next(tag::GENERALIZED_TIME)?.time()?;
            let reason = revoked.optional(tag::context(0))?;
            let is_on_hold = reason.is_some_and(|reason| reason.content.ends_with(&[6]));
            Some(CertStatus::Revoked { at, is_on_hold })
        } else {
            None
        };
        let this_update = fields.next(tag::GENERALIZED_TIME)?.time()?;
        let next_update = match fields.optional(tag::context(0))? {
            Some(next_update) => Value::only(next_update.content)?.time()?,
            None => Moment(this_update.0 + DAY_MS),
        };
        refuse_critical(fields.optional(tag::context(1))?)?;
        fields.end()?;
        let period = UpdatePeriod { this_update, next_update: Some(next_update) };
        Ok(Self { digest, issuer_name, issuer_key, serial, status, period })
    }

    fn is_of(&self, certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
        let Ok(digest) = Digest::of(self.digest) else { return false };
        self.serial == certificate.serial
            && self.issuer_name == digest.hash(&[issuer.subject])
            && self.issuer_key == digest.hash(&[issuer.key_bits])
    }
}

/// Fails on any critical extension: none is supported.
fn refuse_critical(extensions: Option<Value<'_>>) -> Read<()> {
    let Some(extensions) = extensions else { return Ok(()) };
    let mut extensions = each_extension(Value::only(extensions.content)?)?;
    if extensions.any(|(_, is_critical, _)| is_critical) { Err(Malformed) } else { Ok(()) }
}
