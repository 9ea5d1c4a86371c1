//! Writes the audit trail: one entry for each action that changes a record, reads a file or is refused.

use std::time::Duration;

use uuid::Builder;

use crate::archive::Archive;
use crate::archive::audit::trail::Entry;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::log::enter::enter;
use crate::document::moment::Moment;
use crate::log::entry::EntryObject;

/// Inserts an entry. Values: id, time, caller, action, subject, request, address.
pub const INSERT_ENTRY: &str = "INSERT INTO audit_trail (id, at, caller, act, subject, request_id, \
     address) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// The same, unless there is an entry with this caller, action, subject and address whose id is `$8` or
/// later. Ids sort by time, so only the newest entries are searched.
const INSERT_UNLESS_RECENT: &str = "INSERT INTO audit_trail (id, at, caller, act, subject, \
     request_id, address) SELECT $1, CAST($2 AS BIGINT), $3, $4, $5, $6, $7 WHERE NOT EXISTS \
     (SELECT 1 FROM audit_trail WHERE id >= $8 AND caller = $3 AND act = $4 AND subject = $5 \
     AND COALESCE(address, '') = COALESCE(CAST($7 AS TEXT), ''))";

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
    /// Stored what a verdict rests on: certificates, revocation information, time stamps.
    EvidenceStored,
    /// Entered the acts from before the log, or from before a restore, into the log.
    LogContinued,
    /// Left the log of the server that exported the archive, and begins another.
    LogLeft,
    /// Handed the log over to a new key.
    LogKeyChanged,
    /// Created a draft.
    DraftCreated,
    /// Changed a draft.
    DraftChanged,
    /// Deleted a draft.
    DraftDeleted,
    /// Sent a draft for approval.
    DraftSent,
    /// Withdrew a draft from approval.
    DraftWithdrawn,
    /// Returned a draft to its author.
    DraftReturned,
    /// Agreed to a draft as its reviewer.
    DraftAgreed,
    /// Approved a draft as its signatory.
    DraftApproved,
    /// Made a filing from a draft.
    DraftFiled,
    /// Reserved a 发文字号 for a draft.
    NumberTaken,
    /// Released the 发文字号 of a draft.
    NumberReleased,
    /// Set how the 发文字号 of a 机关代字 are given.
    SequenceSet,
    /// Added a font of an agency.
    FontAdded,
    /// Removed a font of an agency.
    FontRemoved,
    /// Moved an archive into this database and object store.
    ArchiveMoved,
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
            Self::ArchiveMoved => "archive_moved",
            Self::EvidenceStored => "evidence_kept",
            Self::LogContinued => "log_continued",
            Self::LogLeft => "log_left",
            Self::LogKeyChanged => "log_key_changed",
            Self::DraftCreated => "draft_created",
            Self::DraftChanged => "draft_changed",
            Self::DraftDeleted => "draft_deleted",
            Self::DraftSent => "draft_sent",
            Self::DraftWithdrawn => "draft_withdrawn",
            Self::DraftReturned => "draft_returned",
            Self::DraftAgreed => "draft_agreed",
            Self::DraftApproved => "draft_approved",
            Self::DraftFiled => "draft_filed",
            Self::NumberTaken => "number_taken",
            Self::NumberReleased => "number_released",
            Self::SequenceSet => "sequence_set",
            Self::FontAdded => "font_added",
            Self::FontRemoved => "font_removed",
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

    /// Whether the entry of the act in the log names the renderer of this process.
    fn names_renderer(self) -> bool {
        matches!(self, Self::FilingStored | Self::FilingRevised | Self::RendererReleased)
    }

    /// Whether the act gets an entry in the log: acts that change what the archive has or who may use
    /// it.
    pub fn is_logged(self) -> bool {
        match self {
            Self::FilingStored
            | Self::FilingRevised
            | Self::KeyAdded
            | Self::KeyRevoked
            | Self::SignedCopyStored
            | Self::SignedCopyWithdrawn
            | Self::FilingConfirmed
            | Self::EvidenceStored
            | Self::LogContinued
            | Self::LogLeft
            | Self::LogKeyChanged
            | Self::ArchiveMoved
            | Self::RendererReleased
            | Self::FixityChecked
            | Self::RetentionSet
            | Self::HoldPlaced
            | Self::HoldReleased
            | Self::DisposalApproved
            | Self::DisposalDone
            | Self::Exported
            | Self::Imported => true,
            Self::SignedIn
            | Self::SignedOut
            | Self::SessionEnded
            | Self::BatchPosted
            | Self::BatchCancelled
            | Self::BatchCleared
            | Self::FileRead
            | Self::Refused
            | Self::DraftCreated
            | Self::DraftChanged
            | Self::DraftDeleted
            | Self::DraftSent
            | Self::DraftWithdrawn
            | Self::DraftReturned
            | Self::DraftAgreed
            | Self::DraftApproved
            | Self::DraftFiled
            | Self::NumberTaken
            | Self::NumberReleased
            | Self::SequenceSet
            | Self::FontAdded
            | Self::FontRemoved
            | Self::DisposalProposed
            | Self::DisposalRejected
            | Self::DisposalWatched => false,
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

    /// Adds an entry for a file that the actor reads again and again, unless the trail has the same entry
    /// from within `apart` and from after the file changed. Two concurrent reads may both be entered.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn record_repeated_read(
        &self,
        actor: Actor<'_>,
        subject: &str,
        apart: Duration,
        changed_at: Moment,
    ) -> Result<(), ArchiveError> {
        let Moment(now) = self.now();
        let since = now.saturating_sub(i64::try_from(apart.as_millis()).unwrap_or(i64::MAX));
        let since = since.max(changed_at.0);
        let query = self.database.query(INSERT_UNLESS_RECENT);
        query
            .bind(self.new_id())
            .bind(now)
            .bind(actor.caller)
            .bind(Act::FileRead.name())
            .bind(subject)
            .bind(actor.request_id)
            .bind(actor.address)
            .bind(first_id(Moment(since)))
            .execute()
            .await?;
        Ok(())
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
        self.record_act_with(transaction, actor, act, subject, &[]).await.map(drop)
    }

    /// Adds an entry for an action that stored these objects, and returns its id. If acts of this kind
    /// are logged, their entry of the log is added too; it gets its number later.
    ///
    /// # Errors
    /// Like `record_act`.
    pub async fn record_act_with(
        &self,
        transaction: &mut Transaction,
        actor: Actor<'_>,
        act: Act,
        subject: &str,
        objects: &[EntryObject],
    ) -> Result<String, ArchiveError> {
        let entry = Entry {
            id: self.new_id(),
            at: self.now(),
            caller: actor.caller.to_owned(),
            act: act.name().to_owned(),
            subject: subject.to_owned(),
            request_id: actor.request_id.to_owned(),
            address: actor.address.to_owned(),
        };
        transaction
            .query(INSERT_ENTRY)
            .bind(entry.id.as_str())
            .bind(entry.at.0)
            .bind(actor.caller)
            .bind(act.name())
            .bind(subject)
            .bind(actor.request_id)
            .bind(actor.address)
            .execute()
            .await?;
        if act.is_logged() {
            let renderer = if act.names_renderer() { self.renderer_name() } else { None };
            enter(transaction, &entry, objects, renderer).await?;
        }
        Ok(entry.id)
    }
}

/// The least id that an entry of this moment can have.
fn first_id(Moment(ms): Moment) -> String {
    let ms = u64::try_from(ms).unwrap_or_default();
    Builder::from_unix_timestamp_millis(ms, &[0; 10]).into_uuid().to_string()
}
