//! Creates, changes and deletes drafts.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Identity};
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::drafts::approval::State;
use crate::archive::drafts::content::Content;
use crate::archive::drafts::error::{DraftError, Quota};
use crate::archive::drafts::history::superfluous;
use crate::archive::drafts::record::{self, DraftRecord};
use crate::archive::drafts::version::{Version, version as read_version};
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;

/// The most drafts of a caller that are not filings yet.
pub const MAX_OF_CALLER: i64 = 1_000;

/// The most drafts of an agency.
pub const MAX_OF_AGENCY: i64 = 10_000;

/// The most bytes of all versions of the drafts of an agency.
pub const MAX_AGENCY_BYTES: i64 = 2 << 30;

/// A change by the same person is recorded in the audit trail once within this time, in milliseconds.
const RECORDED_EVERY_MS: i64 = 10 * 60 * 1000;

/// The record of a draft that the transaction may change; nobody else changes it until it ends.
///
/// # Errors
/// Returns `DraftError::Unknown` if there is none or the caller may not see it.
pub(crate) async fn lock_draft(
    transaction: &mut Transaction,
    caller: &Caller,
    id: &Id,
) -> Result<DraftRecord, DraftError> {
    transaction.lock(&format!("draft {id}")).await?;
    let row = transaction
        .query(AssertSqlSafe(format!(
            "{} WHERE d.id = $1 AND ($2 = '' OR d.agency = $2)",
            record::SELECT
        )))
        .bind(id.to_string())
        .bind(agency_of(caller))
        .fetch_optional()
        .await?;
    Ok(record::record(&row.ok_or(DraftError::Unknown)?)?)
}

/// The agency of a caller as drafts have it; empty for none.
pub(crate) fn agency_of(caller: &Caller) -> &str {
    caller.agency.as_deref().unwrap_or_default()
}

impl Archive {
    /// Creates a draft of the author's agency and returns its id.
    ///
    /// # Errors
    /// Returns `DraftError::Full` if the author or the agency has too many drafts, and
    /// `DraftError::Archive` if the database is unavailable. Nothing is stored then.
    pub async fn create_draft(
        &self,
        author: &Identity,
        content: &Content,
        actor: Actor<'_>,
    ) -> Result<String, DraftError> {
        let (id, now, agency) = (self.new_id(), self.now().0, agency_of(&author.caller));
        let mut transaction = self.database.begin().await?;
        transaction.lock(&format!("drafts {agency}")).await?;
        check_counts(&mut transaction, agency, &author.caller.id).await?;
        check_bytes(&mut transaction, agency, content.bytes()).await?;
        transaction
            .query(
                "INSERT INTO drafts (id, seq, agency, state, version, title, document_number, \
             lead_issuer, agency_code, year, sha256, bytes, stored_bytes, created_by, \
             created_by_name, created_at, saved_by, saved_by_name, saved_at) VALUES ($1, \
             (SELECT COALESCE(MAX(seq), 0) + 1 FROM drafts), $2, 'drafting', 1, $3, $4, $5, $6, \
             $7, $8, $9, $9, $10, $11, $12, $10, $11, $12)",
            )
            .bind(id.as_str())
            .bind(agency)
            .bind(content.excerpt.title.as_str())
            .bind(content.excerpt.document_number.as_str())
            .bind(content.excerpt.lead_issuer.as_str())
            .bind(content.excerpt.agency_code.as_str())
            .bind(content.excerpt.year)
            .bind(content.sha256.as_str())
            .bind(content.bytes())
            .bind(author.caller.id.as_str())
            .bind(author.name.as_str())
            .bind(now)
            .execute()
            .await?;
        insert_version(&mut transaction, &id, 1, content, author, now).await?;
        self.record_act(&mut transaction, actor, Act::DraftCreated, &id).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Saves another content if the current version is one that the client knows. Saving the current
    /// content again changes nothing, so a request may be repeated.
    ///
    /// # Errors
    /// Returns `DraftError::Unknown`, `DraftError::Changed` if the client does not know the current
    /// version, `DraftError::Locked` under approval, `DraftError::Filed` if it is a filing,
    /// `DraftError::Full` if the agency's drafts are too large, and `DraftError::Archive` if the
    /// database is unavailable. Nothing is stored then.
    pub async fn save_draft(
        &self,
        author: &Identity,
        id: &Id,
        content: &Content,
        knows: impl Fn(i64) -> bool + Send,
        actor: Actor<'_>,
    ) -> Result<(), DraftError> {
        let mut transaction = self.database.begin().await?;
        let draft = lock_draft(&mut transaction, &author.caller, id).await?;
        if draft.current.sha256 == content.sha256 {
            return Ok(());
        }
        if !knows(draft.current.version) {
            return Err(DraftError::Changed(Box::new(draft.current)));
        }
        match draft.state {
            State::Filed => return Err(DraftError::Filed),
            state if !state.is_editable() => return Err(DraftError::Locked),
            _ => {}
        }
        let agency = draft.agency.as_deref().unwrap_or_default();
        check_bytes(&mut transaction, agency, content.bytes()).await?;
        let (version, now) = (draft.current.version + 1, self.now().0);
        insert_version(&mut transaction, &draft.id, version, content, author, now).await?;
        let stored_bytes = trim_history(&mut transaction, &draft.id).await?;
        transaction
            .query(
                "UPDATE drafts SET seq = (SELECT MAX(seq) + 1 FROM drafts), version = $2, \
             title = $3, document_number = $4, lead_issuer = $5, agency_code = $6, year = $7, \
             sha256 = $8, bytes = $9, stored_bytes = $10, saved_by = $11, saved_by_name = $12, \
             saved_at = $13 WHERE id = $1",
            )
            .bind(draft.id.as_str())
            .bind(version)
            .bind(content.excerpt.title.as_str())
            .bind(content.excerpt.document_number.as_str())
            .bind(content.excerpt.lead_issuer.as_str())
            .bind(content.excerpt.agency_code.as_str())
            .bind(content.excerpt.year)
            .bind(content.sha256.as_str())
            .bind(content.bytes())
            .bind(stored_bytes)
            .bind(author.caller.id.as_str())
            .bind(author.name.as_str())
            .bind(now)
            .execute()
            .await?;
        let is_new_hand = draft.current.saved_by.id != author.caller.id;
        // The page saves every few seconds; the versions say when.
        if is_new_hand || now / RECORDED_EVERY_MS != draft.current.saved_at.0 / RECORDED_EVERY_MS {
            self.record_act(&mut transaction, actor, Act::DraftChanged, &draft.id).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Deletes a draft with its contents, its history and its reserved number.
    ///
    /// # Errors
    /// Returns `DraftError::Unknown`, `DraftError::Locked` under approval, and `DraftError::Archive` if
    /// the database is unavailable.
    pub async fn delete_draft(
        &self,
        caller: &Caller,
        id: &Id,
        actor: Actor<'_>,
    ) -> Result<(), DraftError> {
        let mut transaction = self.database.begin().await?;
        let draft = lock_draft(&mut transaction, caller, id).await?;
        if !draft.state.is_editable() && draft.state != State::Filed {
            return Err(DraftError::Locked);
        }
        for statement in [
            "DELETE FROM draft_numbers WHERE draft_id = $1",
            "DELETE FROM draft_steps WHERE draft_id = $1",
            "DELETE FROM draft_versions WHERE draft_id = $1",
            "DELETE FROM drafts WHERE id = $1",
        ] {
            transaction.query(statement).bind(draft.id.as_str()).execute().await?;
        }
        self.record_act(&mut transaction, actor, Act::DraftDeleted, &draft.id).await?;
        transaction.commit().await?;
        // The draft is gone for everybody; only its bytes may remain in the write-ahead log.
        if let Err(error) = self.database.erase_deleted().await {
            tracing::warn!(%error, "the bytes of a deleted draft remain for a while");
        }
        Ok(())
    }
}

async fn insert_version(
    transaction: &mut Transaction,
    id: &str,
    version: i64,
    content: &Content,
    author: &Identity,
    now: i64,
) -> Result<(), ArchiveError> {
    transaction
        .query(
            "INSERT INTO draft_versions (draft_id, version, content, sha256, bytes, saved_by, \
         saved_by_name, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(version)
        .bind(content.text.as_str())
        .bind(content.sha256.as_str())
        .bind(content.bytes())
        .bind(author.caller.id.as_str())
        .bind(author.name.as_str())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Removes versions that are no longer needed, and returns the bytes of the others.
async fn trim_history(transaction: &mut Transaction, id: &str) -> Result<i64, ArchiveError> {
    let rows = transaction
        .query(
            "SELECT version, sha256, bytes, saved_by, saved_by_name, saved_at FROM draft_versions \
         WHERE draft_id = $1 ORDER BY version DESC",
        )
        .bind(id)
        .fetch_all()
        .await?;
    let versions = rows.iter().map(read_version).collect::<Result<Vec<Version>, _>>()?;
    let removed = superfluous(&versions);
    for version in &removed {
        transaction
            .query("DELETE FROM draft_versions WHERE draft_id = $1 AND version = $2")
            .bind(id)
            .bind(*version)
            .execute()
            .await?;
    }
    let kept = versions.iter().filter(|version| !removed.contains(&version.version));
    Ok(kept.map(|version| version.bytes).sum())
}

async fn check_counts(
    transaction: &mut Transaction,
    agency: &str,
    caller: &str,
) -> Result<(), DraftError> {
    let row = transaction
        .query("SELECT COUNT(*) AS n FROM drafts WHERE created_by = $1 AND state <> 'filed'")
        .bind(caller)
        .fetch_one()
        .await?;
    if number(&row, "n")? >= MAX_OF_CALLER {
        return Err(DraftError::Full(Quota::OfCaller(MAX_OF_CALLER)));
    }
    let row = transaction
        .query("SELECT COUNT(*) AS n FROM drafts WHERE agency = $1")
        .bind(agency)
        .fetch_one()
        .await?;
    if number(&row, "n")? >= MAX_OF_AGENCY {
        return Err(DraftError::Full(Quota::OfAgency(MAX_OF_AGENCY)));
    }
    Ok(())
}

async fn check_bytes(
    transaction: &mut Transaction,
    agency: &str,
    added: i64,
) -> Result<(), DraftError> {
    let row = transaction
        .query(
            "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) AS n FROM drafts \
         WHERE agency = $1",
        )
        .bind(agency)
        .fetch_one()
        .await?;
    if number(&row, "n")?.saturating_add(added) > MAX_AGENCY_BYTES {
        return Err(DraftError::Full(Quota::Bytes(MAX_AGENCY_BYTES)));
    }
    Ok(())
}

fn number(row: &AnyRow, column: &str) -> Result<i64, ArchiveError> {
    Ok(row.try_get(column)?)
}
