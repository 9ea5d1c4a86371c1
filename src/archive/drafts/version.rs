//! The versions of drafts, as the database has them.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// A caller with the display name at the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id of the caller.
    pub id: String,
    /// The display name.
    pub name: String,
}

/// A version of a draft, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Counts the contents of the draft, from 1.
    pub version: i64,
    /// The SHA-256 of the content.
    pub sha256: String,
    /// The length of the content.
    pub bytes: i64,
    /// Who saved it.
    pub saved_by: Person,
    /// When it was saved.
    pub saved_at: Moment,
}

/// Reads a version in a row with its columns.
pub(crate) fn version(row: &AnyRow) -> Result<Version, ArchiveError> {
    Ok(Version {
        version: row.try_get("version")?,
        sha256: row.try_get("sha256")?,
        bytes: row.try_get("bytes")?,
        saved_by: Person { id: row.try_get("saved_by")?, name: row.try_get("saved_by_name")? },
        saved_at: Moment(row.try_get("saved_at")?),
    })
}
