//! Reads the audit trail, newest first, page by page.

use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// Filters entries; `None` matches every entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// By this caller.
    pub caller: Option<String>,
    /// Of this kind.
    pub act: Option<String>,
    /// At this time or later.
    pub from: Option<Moment>,
    /// Before this time.
    pub before: Option<Moment>,
    /// Older than the entry with this id.
    pub after: Option<String>,
}

/// An entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The id of the entry.
    pub id: String,
    /// The time of the action.
    pub at: Moment,
    /// The caller: the id of a key or of a person, `cli` for the
    /// command line, `local` for the local token.
    pub caller: String,
    /// The action.
    pub act: String,
    /// The id of the record that was changed.
    pub subject: String,
    /// The id of the request.
    pub request_id: String,
    /// The address of the client; empty for the command line and for batches.
    pub address: String,
}

impl Archive {
    /// Returns up to `limit` entries, newest first.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn trail(
        &self,
        filter: &TrailFilter,
        limit: u16,
    ) -> Result<Vec<Entry>, ArchiveError> {
        let text = |wanted: &Option<String>| wanted.clone().unwrap_or_default();
        let rows = self
            .database
            .query(
                "SELECT id, at, caller, act, subject, request_id, address FROM audit_trail \
             WHERE ($1 = '' OR caller = $1) AND ($2 = '' OR act = $2) AND at >= $3 AND at < $4 \
             AND ($5 = '' OR id < $5) ORDER BY id DESC LIMIT $6",
            )
            .bind(text(&filter.caller))
            .bind(text(&filter.act))
            .bind(filter.from.map_or(i64::MIN, |Moment(ms)| ms))
            .bind(filter.before.map_or(i64::MAX, |Moment(ms)| ms))
            .bind(text(&filter.after))
            .bind(i64::from(limit))
            .fetch_all()
            .await?;
        rows.iter().map(entry).collect()
    }
}

/// Reads the entry in a row.
pub(crate) fn entry(row: &AnyRow) -> Result<Entry, ArchiveError> {
    Ok(Entry {
        id: row.try_get("id")?,
        at: Moment(row.try_get("at")?),
        caller: row.try_get("caller")?,
        act: row.try_get("act")?,
        subject: row.try_get("subject")?,
        request_id: row.try_get("request_id")?,
        address: row.try_get("address")?,
    })
}
