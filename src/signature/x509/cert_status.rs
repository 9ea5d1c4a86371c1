//! What a revocation list or an OCSP response says about one certificate, and for which period.

use crate::document::moment::Moment;
use crate::signature::x509::budget::Budget;

/// What one list or response says about a certificate (RFC 6960, `CertStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    Good,
    Revoked { at: Moment, is_on_hold: bool },
}

/// The period for which a list or response is current.
#[derive(Debug, Clone, Copy)]
pub struct UpdatePeriod {
    pub this_update: Moment,
    pub next_update: Option<Moment>,
}

impl UpdatePeriod {
    /// Whether the absence of a certificate means that it was good at the proven moment.
    ///
    /// A list issued after the proven moment also counts, until `last_day`: the last day on which a
    /// revoked certificate is listed, because expired certificates are dropped from lists.
    pub fn covers(self, last_day: Moment, proven: Moment, budget: &Budget) -> bool {
        let is_issued = budget.can_be_of(self.this_update) && self.this_update <= last_day;
        let is_late_enough = self.this_update >= proven
            || self.next_update.is_some_and(|next_update| next_update >= proven);
        is_issued && is_late_enough
    }
}
