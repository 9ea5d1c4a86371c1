//! Whether a certificate is revoked, by lists (RFC 5280) and responses (RFC 6960).

use crate::document::moment::Moment;
use crate::signature::x509::cert_status::CertStatus;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::context::ValidationContext;

/// Whether a certificate is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It was not revoked at the proven moment.
    Good,
    Revoked(Moment),
    Unknown,
}

/// The status of a certificate by all lists and responses of its issuer. Any revocation counts, even
/// an old one; `Good` requires a current list or response.
pub fn status(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    proven: Moment,
    context: &ValidationContext<'_>,
) -> RevocationStatus {
    let budget = context.budget();
    let listed =
        context.crls().iter().filter_map(|crl| crl.status_of(certificate, issuer, proven, budget));
    let answered = context.responses().iter().filter_map(|response| {
        response.status_of(certificate, issuer, proven, context.crls(), budget)
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
