//! The records of drafts, as the database has them.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::drafts::approval::{Position, State};
use crate::archive::drafts::version::{Person, Version, version};
use crate::archive::error::ArchiveError;
use crate::document::masthead::number::DocumentNumber;
use crate::document::moment::Moment;

/// The record of a draft, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRecord {
    /// Its id.
    pub id: String,
    /// The agency that it belongs to; `None` if its author belongs to none.
    pub agency: Option<String>,
    /// Its state.
    pub state: State,
    /// 标题.
    pub title: String,
    /// 发文字号 as printed; empty while it is incomplete.
    pub document_number: String,
    /// 主办机关 as written; empty while it is missing.
    pub lead_issuer: String,
    /// 机关代字 as written; empty while it is missing.
    pub agency_code: String,
    /// 年份 of the 发文字号.
    pub year: Option<i64>,
    /// Its current version.
    pub current: Version,
    /// The bytes of all its versions.
    pub stored_bytes: i64,
    /// Who created it.
    pub created_by: Person,
    /// When it was created.
    pub created_at: Moment,
    /// The id of the caller who sent it for approval.
    pub sent_by: Option<String>,
    /// The SHA-256 of the canonical JSON of what was sent.
    pub source_sha256: Option<String>,
    /// The filing that it has become.
    pub filing_id: Option<String>,
    /// The number that is reserved for it.
    pub number: Option<TakenNumber>,
    /// The place of its last change among all changes.
    pub(crate) seq: i64,
}

/// A number that is reserved for a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenNumber {
    /// The number.
    pub number: DocumentNumber,
    /// When it was taken.
    pub taken_at: Moment,
}

/// Selects records `d` with their numbers `n`.
pub(crate) const SELECT: &str = "SELECT d.*, n.agency_code AS taken_code, n.year AS taken_year, \
     n.serial AS taken_serial, n.taken_at FROM drafts d \
     LEFT JOIN draft_numbers n ON n.draft_id = d.id";

/// Selects records with their current contents `v`.
pub(crate) const SELECT_WITH_CONTENT: &str = "SELECT d.*, n.agency_code AS taken_code, \
     n.year AS taken_year, n.serial AS taken_serial, n.taken_at, v.content FROM drafts d \
     JOIN draft_versions v ON v.draft_id = d.id AND v.version = d.version \
     LEFT JOIN draft_numbers n ON n.draft_id = d.id";

impl DraftRecord {
    /// What decides which steps a caller may take.
    pub fn position(&self) -> Position<'_> {
        Position {
            state: self.state,
            created_by: &self.created_by.id,
            saved_by: &self.current.saved_by.id,
            sent_by: self.sent_by.as_deref(),
        }
    }
}

/// Reads the record in a row of `SELECT`.
pub(crate) fn record(row: &AnyRow) -> Result<DraftRecord, ArchiveError> {
    let agency: String = row.try_get("agency")?;
    let state = State::named(row.try_get("state")?);
    Ok(DraftRecord {
        id: row.try_get("id")?,
        agency: Some(agency).filter(|agency| !agency.is_empty()),
        state: state.ok_or(ArchiveError::InvalidRecord("a draft's state"))?,
        title: row.try_get("title")?,
        document_number: row.try_get("document_number")?,
        lead_issuer: row.try_get("lead_issuer")?,
        agency_code: row.try_get("agency_code")?,
        year: row.try_get("year")?,
        current: version(row)?,
        stored_bytes: row.try_get("stored_bytes")?,
        created_by: Person {
            id: row.try_get("created_by")?,
            name: row.try_get("created_by_name")?,
        },
        created_at: Moment(row.try_get("created_at")?),
        sent_by: row.try_get("sent_by")?,
        source_sha256: row.try_get("source_sha256")?,
        filing_id: row.try_get("filing_id")?,
        number: taken(row)?,
        seq: row.try_get("seq")?,
    })
}

fn taken(row: &AnyRow) -> Result<Option<TakenNumber>, ArchiveError> {
    let Some(code) = row.try_get::<Option<String>, _>("taken_code")? else { return Ok(None) };
    let number = number(&code, row.try_get("taken_year")?, row.try_get("taken_serial")?)?;
    Ok(Some(TakenNumber { number, taken_at: Moment(row.try_get("taken_at")?) }))
}

/// A number in a record.
pub(crate) fn number(code: &str, year: i64, serial: i64) -> Result<DocumentNumber, ArchiveError> {
    let number = DocumentNumber::new(code, year, serial);
    number.map_err(|_| ArchiveError::InvalidRecord("a reserved number"))
}
