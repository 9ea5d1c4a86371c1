//! The trail of every act that changed something.

use crate::archive::Archive;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;

/// Adds a row: id, time, caller, act, subject, request.
pub const NOTE: &str = "INSERT INTO audit_trail (id, at, caller, act, subject, request_id) \
     VALUES ($1, $2, $3, $4, $5, $6)";

/// What a caller did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Kept a filing under a new 发文字号.
    FilingKept,
    /// Kept other content under a 发文字号 in use.
    FilingRevised,
    /// Made a key.
    KeyAdded,
    /// Revoked a key.
    KeyRevoked,
    /// Began a session.
    SignedIn,
    /// Ended a session.
    SignedOut,
    /// Kept the signed copy of a filing.
    SignedCopyKept,
    /// Posted a batch.
    BatchPosted,
    /// Cancelled a batch.
    BatchCancelled,
}

impl Act {
    /// The word for it in the trail.
    pub fn name(self) -> &'static str {
        match self {
            Self::FilingKept => "filing_kept",
            Self::FilingRevised => "filing_revised",
            Self::KeyAdded => "key_added",
            Self::KeyRevoked => "key_revoked",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignedCopyKept => "signed_copy_kept",
            Self::BatchPosted => "batch_posted",
            Self::BatchCancelled => "batch_cancelled",
        }
    }
}

/// Who acts, on whose request: what the trail says of an act beside what it changed.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The id of the caller.
    pub caller: &'a str,
    /// The id of the request, or of the batch.
    pub request_id: &'a str,
}

impl Archive {
    /// Writes an act into the trail, in the transaction that makes the change.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn note(
        &self,
        transaction: &mut Transaction,
        actor: Actor<'_>,
        act: Act,
        subject: &str,
    ) -> Result<(), ArchiveError> {
        transaction
            .query(NOTE)
            .bind(self.new_id())
            .bind(self.now().0)
            .bind(actor.caller)
            .bind(act.name())
            .bind(subject)
            .bind(actor.request_id)
            .execute()
            .await?;
        Ok(())
    }
}
