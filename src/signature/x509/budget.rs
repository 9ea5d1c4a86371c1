//! Limits the work spent on one signature.

use std::cell::Cell;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::SignatureAlgorithm;
use crate::signature::crypto::public_key::{PublicKey, SignatureError};

/// The work limit of one signature: 150 verifications, or fewer with long lists.
const MAX_WORK: u32 = 3000;

/// The cost of a verification apart from the signed bytes, in units of 64 KiB read.
const WORK_PER_SIGNATURE: u32 = 20;

/// How far the clock of an authority may be ahead of ours.
const MAX_CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// The remaining work for one signature, and the validation time.
#[derive(Debug)]
pub struct WorkBudget {
    validation_time: Moment,
    work: Cell<u32>,
    is_exceeded: Cell<bool>,
}

impl WorkBudget {
    /// A full budget.
    pub fn new(validation_time: Moment) -> Self {
        Self { validation_time, work: Cell::new(0), is_exceeded: Cell::new(false) }
    }

    /// Whether a time is not after the validation time, apart from clock skew.
    pub fn is_not_in_future(&self, moment: Moment) -> bool {
        moment.0 <= self.validation_time.0.saturating_add(MAX_CLOCK_SKEW_MS)
    }

    /// Verifies a signature. Fails once the budget is exceeded.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        signing: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if self.spend(WORK_PER_SIGNATURE, message.len()) {
            key.verify(signing, message, signature)
        } else {
            Err(SignatureError::Invalid)
        }
    }

    /// Whether `n_bytes` more bytes may be searched.
    pub fn may_search(&self, n_bytes: usize) -> bool {
        self.spend(0, n_bytes)
    }

    /// Records that something was not checked.
    pub fn exceed(&self) {
        self.is_exceeded.set(true);
    }

    /// Whether something was not checked. A revocation may be missed, so the signature must not pass.
    pub fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }

    fn spend(&self, base: u32, n_bytes: usize) -> bool {
        let of_bytes = u32::try_from(n_bytes / (64 * 1024)).unwrap_or(MAX_WORK);
        let work = self.work.get().saturating_add(base).saturating_add(of_bytes);
        let is_within = work <= MAX_WORK;
        if is_within {
            self.work.set(work);
        } else {
            self.exceed();
        }
        is_within
    }
}
