//! Writes the audit trail: one entry for each action that changes a record.

use crate::archive::Archive;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;

/// Inserts an entry. Values: id, time, caller, action, subject, request.
pub const INSERT_ENTRY: &str = "INSERT INTO audit_trail (id, at, caller, act, subject, request_id) \
     VALUES ($1, $2, $3, $4, $5, $6)";

/// An audited action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Stored a filing under a new 发文字号.
    FilingStored,
    /// Stored other content under a 发文字号 that is in use.
    FilingRevised,
    /// Created a key.
    KeyAdded,
    /// Revoked a key.
    KeyRevoked,
    /// Started a session.
    SignedIn,
    /// Ended a session.
    SignedOut,
    /// Stored the signed copy of a filing.
    SignedCopyStored,
    /// Posted a batch.
    BatchPosted,
    /// Cancelled a batch.
    BatchCancelled,
}

impl Act {
    /// Its name in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            Self::FilingStored => "filing_kept",
            Self::FilingRevised => "filing_revised",
            Self::KeyAdded => "key_added",
            Self::KeyRevoked => "key_revoked",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignedCopyStored => "signed_copy_kept",
            Self::BatchPosted => "batch_posted",
            Self::BatchCancelled => "batch_cancelled",
        }
    }
}

/// Who acts, and for which request.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The id of the caller.
    pub caller: &'a str,
    /// The id of the request or of the batch.
    pub request_id: &'a str,
}

impl Archive {
    /// Adds an entry in the transaction that makes the change.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn record_act(
        &self,
        transaction: &mut Transaction,
        actor: Actor<'_>,
        act: Act,
        subject: &str,
    ) -> Result<(), ArchiveError> {
        transaction
            .query(INSERT_ENTRY)
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
