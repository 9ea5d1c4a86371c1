//! Turns a draft into a filing, in the transaction that stores the filing.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::Identity;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::drafts::approval::State;
use crate::archive::drafts::error::DraftError;
use crate::archive::drafts::record::DraftRecord;
use crate::archive::drafts::save::lock_draft;
use crate::archive::drafts::steps::insert_step;
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;

/// The name of the last step of a draft.
const FILE: &str = "file";

/// The draft that a filing is made from.
#[derive(Debug, Clone, Copy)]
pub struct FromDraft<'a> {
    /// Its id.
    pub id: &'a Id,
    /// Who makes the filing.
    pub author: &'a Identity,
    /// Whether it must have been approved.
    pub requires_approval: bool,
}

/// Whether a draft may become the filing of a content.
///
/// # Errors
/// Returns `DraftError::NotApproved`, or `DraftError::OtherContent` if another content was approved.
pub fn check(
    draft: &DraftRecord,
    requires_approval: bool,
    source_sha256: &str,
) -> Result<(), DraftError> {
    if !draft.position().may_be_filed(requires_approval) {
        return Err(DraftError::NotApproved);
    }
    if requires_approval && draft.source_sha256.as_deref() != Some(source_sha256) {
        return Err(DraftError::OtherContent);
    }
    Ok(())
}

/// Locks the draft until the transaction ends, and checks that it may become the filing of a content.
///
/// # Errors
/// Returns `DraftError::Unknown`, the errors of `check`, and `DraftError::Filed` if it is the filing of
/// another content.
pub(crate) async fn claim(
    transaction: &mut Transaction,
    draft: FromDraft<'_>,
    source_sha256: &str,
) -> Result<(), DraftError> {
    let record = lock_draft(transaction, &draft.author.caller, draft.id).await?;
    if record.state != State::Filed {
        return check(&record, draft.requires_approval, source_sha256);
    }
    let filing = transaction
        .query("SELECT source_sha256 FROM filings WHERE id = $1")
        .bind(record.filing_id.as_deref())
        .fetch_one()
        .await?;
    let is_same = filing.try_get::<&str, _>("source_sha256")? == source_sha256;
    if is_same { Ok(()) } else { Err(DraftError::Filed) }
}

/// Records the filing of a claimed draft, and releases its number: a filing has it, or it is free.
pub(crate) async fn finish(
    archive: &Archive,
    transaction: &mut Transaction,
    draft: FromDraft<'_>,
    filing_id: &str,
    actor: Actor<'_>,
) -> Result<(), ArchiveError> {
    let id = draft.id.as_str();
    let filed = transaction
        .query(
            "UPDATE drafts SET state = 'filed', filing_id = $2, \
         seq = (SELECT MAX(seq) + 1 FROM drafts) WHERE id = $1 AND state <> 'filed'",
        )
        .bind(id)
        .bind(filing_id)
        .execute()
        .await?;
    if filed == 0 {
        return Ok(());
    }
    transaction.query("DELETE FROM draft_numbers WHERE draft_id = $1").bind(id).execute().await?;
    insert_step(transaction, id, FILE, "", draft.author, archive.now()).await?;
    archive.record_act(transaction, actor, Act::DraftFiled, &format!("{id} {filing_id}")).await
}
