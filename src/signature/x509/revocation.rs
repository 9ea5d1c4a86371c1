//! The revocation status of a certificate, from CRLs (RFC 5280) and OCSP responses (RFC 6960).

use crate::document::moment::Moment;
use crate::signature::x509::cert_status::CertStatus;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::context::ValidationContext;

/// The revocation status of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It was not revoked at the best signature time.
    Good,
    /// It is revoked since this time.
    Revoked(Moment),
    /// There is no fresh revocation information.
    Unknown,
}

/// Combines all lists and responses of the issuer. Any revocation counts, even in an old list; `Good`
/// requires a fresh list or response.
pub fn status(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    best_signature_time: Moment,
    context: &ValidationContext<'_>,
) -> RevocationStatus {
    let budget = context.budget();
    let listed = context
        .crls()
        .iter()
        .filter_map(|crl| crl.status_of(certificate, issuer, best_signature_time, budget));
    let answered = context.responses().iter().filter_map(|response| {
        response.status_of(certificate, issuer, best_signature_time, context.crls(), budget)
    });
    let mut status = RevocationStatus::Unknown;
    for found in listed.chain(answered) {
        status = match (status, found) {
            (RevocationStatus::Unknown | RevocationStatus::Good, CertStatus::Good) => {
                RevocationStatus::Good
            }
            (RevocationStatus::Revoked(earlier), CertStatus::Revoked { at, .. }) => {
                RevocationStatus::Revoked(earlier.min(at))
            }
            (_, CertStatus::Revoked { at, .. }) => RevocationStatus::Revoked(at),
            (revoked, CertStatus::Good) => revoked,
        };
    }
    status
}
