//! Finds drafts, their contents and their versions.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::Query;
use crate::archive::database::value::Value;
use crate::archive::drafts::approval::State;
use crate::archive::drafts::record::{DraftRecord, SELECT, SELECT_WITH_CONTENT, record};
use crate::archive::drafts::version::{Version, version};
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;

/// The conditions of a search. `None` matches every draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftSearch {
    /// A part of the 标题.
    pub title: Option<String>,
    /// A part of the 发文字号 as printed.
    pub document_number: Option<String>,
    /// 年份 of the 发文字号.
    pub year: Option<u16>,
    /// The state.
    pub state: Option<State>,
    /// Created by the caller.
    pub is_own: bool,
    /// Changed before the draft at this place of the order.
    pub after: Option<DraftPlace>,
}

/// The place of a draft in the order of the last changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPlace {
    /// The place of the last change.
    pub seq: i64,
    /// The id, for changes at the same moment.
    pub id: Id,
}

/// A page of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPage {
    /// The drafts, the last changed first.
    pub drafts: Vec<DraftRecord>,
    /// The place of the last draft if more follow.
    pub next: Option<DraftPlace>,
}

const VERSIONS: &str = "SELECT v.version, v.sha256, v.bytes, v.saved_by, v.saved_by_name, \
     v.saved_at FROM drafts d JOIN draft_versions v ON v.draft_id = d.id";

const CONTENTS: &str = "SELECT v.version, v.sha256, v.bytes, v.saved_by, v.saved_by_name, \
     v.saved_at, v.content FROM drafts d JOIN draft_versions v ON v.draft_id = d.id";

impl Archive {
    /// Returns a page of the drafts that a caller may see and that meet the conditions.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn drafts(
        &self,
        caller: &Caller,
        search: &DraftSearch,
        limit: u16,
    ) -> Result<DraftPage, ArchiveError> {
        let mut query = Query::drafts_of(caller, SELECT);
        search.add_conditions(caller, &mut query);
        // One more draft shows whether another page follows.
        query
            .push(" ORDER BY d.seq DESC, d.id DESC LIMIT ")
            .bind(Value::Number(i64::from(limit) + 1));
        let rows = query.rows(&self.database).await?;
        let mut drafts = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        let more = drafts.len() > usize::from(limit);
        drafts.truncate(limit.into());
        let last = drafts.last().filter(|_| more);
        let next =
            last.and_then(|last| Some(DraftPlace { seq: last.seq, id: Id::parse(&last.id)? }));
        Ok(DraftPage { drafts, next })
    }

    /// Returns the record of a draft; `None` if there is none or the caller may not see it.
    ///
    /// # Errors
    /// Like `drafts`.
    pub async fn draft(
        &self,
        caller: &Caller,
        id: &Id,
    ) -> Result<Option<DraftRecord>, ArchiveError> {
        let mut query = Query::drafts_of(caller, SELECT);
        query.push(" AND d.id = ").bind(Value::Text(id.to_string()));
        query.rows(&self.database).await?.first().map(record).transpose()
    }

    /// Returns the record of a draft with its current content; `None` if there is none or the caller may
    /// not see it.
    ///
    /// # Errors
    /// Like `drafts`.
    pub async fn draft_with_content(
        &self,
        caller: &Caller,
        id: &Id,
    ) -> Result<Option<(DraftRecord, String)>, ArchiveError> {
        let mut query = Query::drafts_of(caller, SELECT_WITH_CONTENT);
        query.push(" AND d.id = ").bind(Value::Text(id.to_string()));
        let rows = query.rows(&self.database).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((record(row)?, row.try_get("content")?)))
    }

    /// Returns the versions of a draft, newest first; none if the caller may not see it.
    ///
    /// # Errors
    /// Like `drafts`.
    pub async fn draft_versions(
        &self,
        caller: &Caller,
        id: &Id,
    ) -> Result<Vec<Version>, ArchiveError> {
        let mut query = Query::drafts_of(caller, VERSIONS);
        query.push(" AND d.id = ").bind(Value::Text(id.to_string()));
        query.push(" ORDER BY v.version DESC");
        query.rows(&self.database).await?.iter().map(version).collect()
    }

    /// Returns a version of a draft with its content; `None` if it is not kept or the caller may not
    /// see the draft.
    ///
    /// # Errors
    /// Like `drafts`.
    pub async fn draft_version(
        &self,
        caller: &Caller,
        id: &Id,
        wanted: i64,
    ) -> Result<Option<(Version, String)>, ArchiveError> {
        let mut query = Query::drafts_of(caller, CONTENTS);
        query.push(" AND d.id = ").bind(Value::Text(id.to_string()));
        query.push(" AND v.version = ").bind(Value::Number(wanted));
        let rows = query.rows(&self.database).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((version(row)?, row.try_get("content")?)))
    }
}

impl DraftSearch {
    fn add_conditions(&self, caller: &Caller, query: &mut Query) {
        if let Some(title) = &self.title {
            query
                .push(" AND REPLACE(LOWER(d.title), ")
                .bind(Value::Text(title.to_ascii_lowercase()))
                .push(", '') <> LOWER(d.title)");
        }
        if let Some(number) = &self.document_number {
            query
                .push(" AND REPLACE(d.document_number, ")
                .bind(Value::Text(number.clone()))
                .push(", '') <> d.document_number");
        }
        if let Some(year) = self.year {
            query.push(" AND d.year = ").bind(Value::Number(year.into()));
        }
        if let Some(state) = self.state {
            query.push(" AND d.state = ").bind(Value::Text(state.name().to_owned()));
        }
        if self.is_own {
            query.push(" AND d.created_by = ").bind(Value::Text(caller.id.clone()));
        }
        if let Some(DraftPlace { seq, id }) = &self.after {
            query
                .push(" AND (d.seq < ")
                .bind(Value::Number(*seq))
                .push(" OR (d.seq = ")
                .bind(Value::Number(*seq))
                .push(" AND d.id < ")
                .bind(Value::Text(id.to_string()))
                .push("))");
        }
    }
}
