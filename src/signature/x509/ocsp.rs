//! OCSP responses (RFC 6960).

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{
    AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm,
};
use crate::signature::crypto::der::{DerResult, Malformed, Value, tag};
use crate::signature::x509::budget::WorkBudget;
use crate::signature::x509::cert_status::{CertStatus, UpdatePeriod};
use crate::signature::x509::certificate::{Certificate, KeyUsage, OCSP_SIGNING, each_extension};
use crate::signature::x509::crl::Crl;

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

const MAX_SINGLE_RESPONSES: usize = 64;
const MAX_CERTIFICATES: usize = 8;

/// How long a response without `nextUpdate` counts as fresh. Newer ones are always available then.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An OCSP response.
#[derive(Debug, Clone)]
pub struct OcspResponse<'a> {
    tbs: &'a [u8],
    produced_at: Moment,
    responses: Vec<SingleResponse<'a>>,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
}

/// The status of one certificate (`SingleResponse`).
#[derive(Debug, Clone, Copy)]
struct SingleResponse<'a> {
    digest: ObjectIdentifier,
    issuer_name: &'a [u8],
    issuer_key: &'a [u8],
    serial: &'a [u8],
    /// `None` if the status is `unknown`.
    status: Option<CertStatus>,
    period: UpdatePeriod,
}

impl<'a> OcspResponse<'a> {
    /// Reads a successful `OCSPResponse`.
    pub fn read(bytes: &'a [u8]) -> DerResult<Self> {
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

    fn read_basic(basic: Value<'a>) -> DerResult<Self> {
        let mut fields = basic.fields(tag::SEQUENCE)?;
        let tbs = fields.next(tag::SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::read(fields.next(tag::SEQUENCE)?)?;
        let signature = fields.next(tag::BIT_STRING)?.bits()?;
        let certificates = match fields.optional(tag::context(0))? {
            Some(list) => {
                let list = Value::only(list.content)?.fields(tag::SEQUENCE)?;
                list.all(MAX_CERTIFICATES)?.iter().map(|value| value.der).collect()
            }
            None => Vec::new(),
        };
        fields.end()?;

        let mut fields = tbs.fields(tag::SEQUENCE)?;
        fields.optional(tag::context(0))?;
        // `responderID`: the responder is found by verifying the signature instead.
        fields.any()?;
        let produced_at = fields.next(tag::GENERALIZED_TIME)?.time()?;
        let responses =
            fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?.all(MAX_SINGLE_RESPONSES)?;
        let responses =
            responses.into_iter().map(SingleResponse::read).collect::<DerResult<_>>()?;
        reject_critical(fields.optional(tag::context(1))?)?;
        fields.end()?;
        Ok(Self { tbs: tbs.der, produced_at, responses, algorithm, signature, certificates })
    }

    /// The status of a certificate; `None` if the response does not determine it, or if neither the
    /// issuer nor its delegated responder signed it.
    pub fn status_of(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        best_signature_time: Moment,
        crls: &[Crl<'_>],
        budget: &WorkBudget,
    ) -> Option<CertStatus> {
        let response =
            self.responses.iter().find(|response| response.matches(certificate, issuer))?;
        let is_current =
            response.period.is_fresh(certificate.not_after, best_signature_time, budget);
        let status = match response.status? {
            revoked @ CertStatus::Revoked { is_on_hold: false, .. } => revoked,
            _ if !is_current => return None,
            current => current,
        };
        self.is_signed(issuer, crls, budget).then_some(status)
    }

    /// Whether the issuer or a delegated responder signed the response.
    fn is_signed(&self, issuer: &Certificate<'_>, crls: &[Crl<'_>], budget: &WorkBudget) -> bool {
        let Ok(signing) = SignatureAlgorithm::of(&self.algorithm) else { return false };
        let is_signed_by = |responder: &Certificate<'_>| {
            budget.verify(&responder.key, signing, self.tbs, self.signature).is_ok()
        };
        let certificates = self.certificates.iter().flat_map(|bytes| Certificate::read(bytes));
        is_signed_by(issuer)
            || certificates
                .filter(|responder| self.is_delegate(responder, issuer, crls, budget))
                .any(|responder| is_signed_by(&responder))
    }

    /// Whether a certificate is that of a responder to which the issuer has delegated.
    fn is_delegate(
        &self,
        responder: &Certificate<'_>,
        issuer: &Certificate<'_>,
        crls: &[Crl<'_>],
        budget: &WorkBudget,
    ) -> bool {
        let extensions = &responder.extensions;
        let may_sign_ocsp = extensions
            .extended_key_usage
            .as_ref()
            .is_some_and(|usage| usage.oids.contains(&OCSP_SIGNING));
        let is_valid = (responder.not_before..=responder.not_after).contains(&self.produced_at);
        let may_sign = extensions.key_usage.is_none_or(KeyUsage::allows_signing);
        let is_issued = || {
            SignatureAlgorithm::of(&responder.algorithm).is_ok_and(|signing| {
                budget.verify(&issuer.key, signing, responder.tbs, responder.signature).is_ok()
            })
        };
        let is_revoked = || {
            !extensions.has_ocsp_no_check
                && crls
                    .iter()
                    .filter_map(|crl| crl.status_of(responder, issuer, self.produced_at, budget))
                    .any(|status| status != CertStatus::Good)
        };
        responder.issuer == issuer.subject
            && may_sign_ocsp
            && is_valid
            && may_sign
            && extensions.unsupported.is_none()
            && is_issued()
            && !is_revoked()
    }
}

impl<'a> SingleResponse<'a> {
    fn read(value: Value<'a>) -> DerResult<Self> {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let mut id = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
        let digest = AlgorithmIdentifier::read(id.next(tag::SEQUENCE)?)?.oid;
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
        reject_critical(fields.optional(tag::context(1))?)?;
        fields.end()?;
        let period = UpdatePeriod { this_update, next_update: Some(next_update) };
        Ok(Self { digest, issuer_name, issuer_key, serial, status, period })
    }

    fn matches(&self, certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
        let Ok(digest) = DigestAlgorithm::of(self.digest) else { return false };
        self.serial == certificate.serial
            && self.issuer_name == digest.hash(&[issuer.subject])
            && self.issuer_key == digest.hash(&[issuer.subject_public_key])
    }
}

/// Fails on any critical extension: none is supported.
fn reject_critical(extensions: Option<Value<'_>>) -> DerResult<()> {
    let Some(extensions) = extensions else { return Ok(()) };
    let mut extensions = each_extension(Value::only(extensions.content)?)?;
    if extensions.any(|(_, is_critical, _)| is_critical) { Err(Malformed) } else { Ok(()) }
}
