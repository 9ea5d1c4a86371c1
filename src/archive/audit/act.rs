//! Writes the audit trail: one entry for each action that changes a record, reads a file or is refused.

use crate::archive::Archive;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;

/// Inserts an entry. Values: id, time, caller, action, subject, request, address.
pub const INSERT_ENTRY: &str = "INSERT INTO audit_trail (id, at, caller, act, subject, request_id, \
     address) VALUES ($1, $2, $3, $4, $5, $6, $7)";

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
    /// Ended the own session.
    SignedOut,
    /// Ended the session of another.
    SessionEnded,
    /// Stored the signed copy of a filing.
    SignedCopyStored,
    /// Withdrew the signed copy of a filing.
    SignedCopyWithdrawn,
    /// Posted a batch.
    BatchPosted,
    /// Cancelled a batch.
    BatchCancelled,
    /// Confirmed a filing as one of its issuers.
    FilingConfirmed,
    /// Read a file.
    FileRead,
    /// Was refused.
    Refused,
    /// Removed what the problems of a batch quote from its lines.
    BatchCleared,
    /// Released a renderer: the first filing names it, or its files are kept.
    RendererReleased,
    /// Finished a round of fixity checks.
    FixityChecked,
    /// Set the retention of a filing.
    RetentionSet,
    /// Placed a hold on filings.
    HoldPlaced,
    /// Released a hold.
    HoldReleased,
    /// Proposed to destroy filings.
    DisposalProposed,
    /// Approved that.
    DisposalApproved,
    /// Rejected that.
    DisposalRejected,
    /// Watches the destruction, as the first or the second of two.
    DisposalWatched,
    /// Destroyed the files of filings.
    DisposalDone,
    /// Exported the archive.
    Exported,
    /// Imported an archive.
    Imported,
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
            Self::SessionEnded => "session_ended",
            Self::SignedCopyStored => "signed_copy_kept",
            Self::SignedCopyWithdrawn => "signed_copy_withdrawn",
            Self::BatchPosted => "batch_posted",
            Self::BatchCancelled => "batch_cancelled",
            Self::FilingConfirmed => "filing_confirmed",
            Self::FileRead => "file_read",
            Self::Refused => "refused",
            Self::BatchCleared => "batch_cleared",
            Self::RendererReleased => "renderer_released",
            Self::FixityChecked => "fixity_checked",
            Self::RetentionSet => "retention_set",
            Self::HoldPlaced => "hold_placed",
            Self::HoldReleased => "hold_released",
            Self::DisposalProposed => "disposal_proposed",
            Self::DisposalApproved => "disposal_approved",
            Self::DisposalRejected => "disposal_rejected",
            Self::DisposalWatched => "disposal_watched",
            Self::DisposalDone => "disposal_done",
            Self::Exported => "exported",
            Self::Imported => "imported",
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
    /// The address of the client; empty for the command line and for batches.
    pub address: &'a str,
}

impl Archive {
    /// Adds an entry for an action that changes nothing else.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn record_event(
        &self,
        actor: Actor<'_>,
        act: Act,
        subject: &str,
    ) -> Result<(), ArchiveError> {
        let mut transaction = self.database.begin().await?;
        self.record_act(&mut transaction, actor, act, subject).await?;
        transaction.commit().await
    }

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
            .bind(actor.address)
            .execute()
            .await?;
        Ok(())
    }
}
