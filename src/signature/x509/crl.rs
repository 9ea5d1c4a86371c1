//! Revocation lists (RFC 5280, section 5).

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{AlgorithmIdentifier, SignatureAlgorithm, SignedValue};
use crate::signature::crypto::der::{DerResult, Fields, Malformed, Value, tag};
use crate::signature::x509::budget::WorkBudget;
use crate::signature::x509::cert_status::{CertStatus, UpdatePeriod};
use crate::signature::x509::certificate::{Certificate, KeyUsage, each_extension};

const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const EXPIRED_CERTS_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// `certificateHold`: the only reason that can be reversed.
const CERTIFICATE_HOLD: u8 = 6;

/// A revocation list.
#[derive(Debug, Clone, Copy)]
pub struct Crl<'a> {
    tbs: &'a [u8],
    issuer: &'a [u8],
    period: UpdatePeriod,
    entries: &'a [u8],
    scope: Scope<'a>,
    lists_expired: bool,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
}

/// The certificates that a list covers (`IssuingDistributionPoint`).
#[derive(Debug, Clone, Copy, Default)]
struct Scope<'a> {
    /// Only certificates with this distribution point.
    point: Option<&'a [u8]>,
    user_certs_only: bool,
    ca_certs_only: bool,
}

impl<'a> Crl<'a> {
    /// Reads a list. Fails on an unsupported critical extension, such as that of a delta CRL.
    pub fn read(bytes: &'a [u8]) -> DerResult<Self> {
        let SignedValue { tbs, algorithm, signature } = SignedValue::read(bytes)?;

        let mut fields = tbs.fields(tag::SEQUENCE)?;
        fields.optional(tag::INTEGER)?;
        if fields.next(tag::SEQUENCE)?.der != algorithm.der {
            return Err(Malformed);
        }
        let issuer = fields.next(tag::SEQUENCE)?.der;
        let this_update = fields.any()?.time()?;
        let next_update = match fields.optional(tag::UTC_TIME)? {
            Some(time) => Some(time.time()?),
            None => fields.optional(tag::GENERALIZED_TIME)?.map(Value::time).transpose()?,
        };
        let entries = fields.optional(tag::SEQUENCE)?;
        let extensions = fields.optional(tag::context(0))?;
        fields.end()?;

        let mut crl = Self {
            tbs: tbs.der,
            issuer,
            period: UpdatePeriod { this_update, next_update },
            entries: entries.map_or(&[], |entries| entries.content),
            scope: Scope::default(),
            lists_expired: false,
            algorithm,
            signature,
        };
        if let Some(extensions) = extensions {
            for (oid, is_critical, value) in each_extension(Value::only(extensions.content)?)? {
                match oid {
                    ISSUING_DISTRIBUTION_POINT => crl.scope = Scope::read(value)?,
                    EXPIRED_CERTS_ON_CRL => crl.lists_expired = true,
                    _ if is_critical => return Err(Malformed),
                    _ => (),
                }
            }
        }
        Ok(crl)
    }

    /// The status of a certificate; `None` if the list does not determine it, or if the issuer of the
    /// certificate did not sign the list.
    pub fn status_of(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        best_signature_time: Moment,
        budget: &WorkBudget,
    ) -> Option<CertStatus> {
        let is_of_issuer = self.issuer == issuer.subject && self.scope.covers(certificate);
        if !is_of_issuer || !budget.may_search(self.entries.len()) {
            return None;
        }
        let is_current =
            self.period.is_fresh(self.listed_until(certificate), best_signature_time, budget);
        let status = match self.entry(certificate.serial).ok()? {
            Some(CertStatus::Revoked { is_on_hold: true, .. }) if !is_current => return None,
            Some(status) => status,
            None if is_current => CertStatus::Good,
            None => return None,
        };
        let may_sign = issuer.extensions.key_usage.is_none_or(KeyUsage::allows_crl_signing);
        let signing = SignatureAlgorithm::of(&self.algorithm).ok()?;
        let is_signed = budget.verify(&issuer.key, signing, self.tbs, self.signature).is_ok();
        (may_sign && is_signed).then_some(status)
    }

    /// Until when the certificate is listed if it is revoked.
    fn listed_until(&self, certificate: &Certificate<'_>) -> Moment {
        if self.lists_expired { Moment(i64::MAX) } else { certificate.not_after }
    }

    /// The status in the entry of a serial number; `None` if there is no entry.
    fn entry(&self, serial: &[u8]) -> DerResult<Option<CertStatus>> {
        let mut entries = Fields::of(self.entries);
        while !entries.is_empty() {
            let mut entry = entries.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            if entry.next(tag::INTEGER)?.content != serial {
                continue;
            }
            let mut at = entry.any()?.time()?;
            let mut is_on_hold = false;
            if let Some(extensions) = entry.optional(tag::SEQUENCE)? {
                for (oid, _, value) in each_extension(extensions)? {
                    match oid {
                        REASON => {
                            let reason = Value::only(value)?.content(tag::ENUMERATED)?;
                            is_on_hold = reason == [CERTIFICATE_HOLD];
                        }
                        // The key may have been compromised before the revocation.
                        INVALIDITY_DATE => at = at.min(Value::only(value)?.time()?),
                        _ => (),
                    }
                }
            }
            return Ok(Some(CertStatus::Revoked { at, is_on_hold }));
        }
        Ok(None)
    }
}

impl<'a> Scope<'a> {
    fn read(bytes: &'a [u8]) -> DerResult<Self> {
        let mut fields = Value::only(bytes)?.fields(tag::SEQUENCE)?;
        let point = fields.optional(tag::context(0))?.map(|point| point.content);
        let mut flag = |number| fields.optional(tag::primitive(number));
        let user_certs_only = flag(1)?.is_some();
        let ca_certs_only = flag(2)?.is_some();
        // Lists of some reasons only, indirect lists and attribute certificates are not supported.
        if flag(3)?.is_some() || flag(4)?.is_some() || flag(5)?.is_some() {
            return Err(Malformed);
        }
        fields.end()?;
        Ok(Self { point, user_certs_only, ca_certs_only })
    }

    fn covers(&self, certificate: &Certificate<'_>) -> bool {
        let is_ca = certificate.extensions.is_ca;
        let is_kind = if is_ca { !self.user_certs_only } else { !self.ca_certs_only };
        let points = certificate.extensions.distribution_points.unwrap_or_default();
        let is_point = self.point.is_none_or(|point| {
            !point.is_empty() && points.windows(point.len()).any(|window| window == point)
        });
        is_kind && is_point
    }
}
