//! Bounds the work spent on one signature.

use std::cell::Cell;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::Signing;
use crate::signature::crypto::public_key::{PublicKey, SignatureFault};

/// The work allowed for one signature: 150 verifications, or fewer with long lists.
const MOST_WORK: u32 = 3000;

/// The cost of a verification apart from the signed bytes, in units of 64 KiB read.
const WORK_OF_A_SIGNATURE: u32 = 20;

/// How far the clocks of authorities may be ahead of ours.
const CLOCKS_DIFFER_MS: i64 = 5 * 60 * 1000;

/// The work left for one signature, and the moment of validation.
#[derive(Debug)]
pub struct Budget {
    at: Moment,
    work: Cell<u32>,
    is_exceeded: Cell<bool>,
}

impl Budget {
    /// A budget for a validation at this moment.
    pub fn new(at: Moment) -> Self {
        Self { at, work: Cell::new(0), is_exceeded: Cell::new(false) }
    }

    /// Whether an authority can have stated this moment, given that clocks differ.
    pub fn can_be_of(&self, moment: Moment) -> bool {
        moment.0 <= self.at.0.saturating_add(CLOCKS_DIFFER_MS)
    }

    /// Verifies a signature. Fails once the budget is exceeded.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        signing: Signing,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        if self.may_work(WORK_OF_A_SIGNATURE, message.len()) {
            key.verify(signing, message, signature)
        } else {
            Err(SignatureFault::Broken)
        }
    }

    /// Whether `n_bytes` more bytes may be searched.
    pub fn may_search(&self, n_bytes: usize) -> bool {
        self.may_work(0, n_bytes)
    }

    /// Records that something was not checked.
    pub fn exceed(&self) {
        self.is_exceeded.set(true);
    }

    /// Whether something was not checked. A revocation may be in it, so no verdict passes then.
    pub fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }

    fn may_work(&self, base: u32, n_bytes: usize) -> bool {
        let of_bytes = u32::try_from(n_bytes / (64 * 1024)).unwrap_or(MOST_WORK);
        let work = self.work.get().saturating_add(base).saturating_add(of_bytes);
        let is_within = work <= MOST_WORK;
        if is_within {
            self.work.set(work);
        } else {
            self.exceed();
        }
        is_within
    }
}
