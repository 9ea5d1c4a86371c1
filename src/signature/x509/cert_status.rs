//! The status of a certificate in a revocation list or OCSP response, and its freshness.

use crate::document::moment::Moment;
use crate::signature::x509::budget::WorkBudget;

/// The status of a certificate in one list or response (`CertStatus`, RFC 6960).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    Good,
    Revoked { at: Moment, is_on_hold: bool },
}

/// The period from `thisUpdate` to `nextUpdate` of a list or response.
#[derive(Debug, Clone, Copy)]
pub struct UpdatePeriod {
    pub this_update: Moment,
    pub next_update: Option<Moment>,
}

impl UpdatePeriod {
    /// Whether a certificate that is not listed as revoked was good at the best signature time.
    ///
    /// Lists issued later count, too, but only until `listed_until`: after it, a revoked certificate
    /// may be missing, because expired certificates are removed from lists.
    pub fn is_fresh(
        self,
        listed_until: Moment,
        best_signature_time: Moment,
        budget: &WorkBudget,
    ) -> bool {
        let is_issued =
            budget.is_not_in_future(self.this_update) && self.this_update <= listed_until;
        let is_late_enough = self.this_update >= best_signature_time
            || self.next_update.is_some_and(|next_update| next_update >= best_signature_time);
        is_issued && is_late_enough
    }
}
