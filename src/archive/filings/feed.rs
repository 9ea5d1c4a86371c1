//! The feed of filings for programs that poll: every filing once, in the order of recording.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::Query;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, SELECT};
use crate::archive::id::Id;

impl Archive {
    /// Returns up to `limit` filings that a caller may see and that were recorded after the filing
    /// `after`, the earliest first. Recording follows one sequence, so that no later call finds
    /// another filing before these.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn recorded_after(
        &self,
        caller: &Caller,
        after: Option<&Id>,
        limit: u16,
    ) -> Result<Vec<FilingRecord>, ArchiveError> {
        let mut query = Query::visible_to(caller, SELECT);
        if let Some(after) = after {
            query
                .push(" AND f.seq > (SELECT c.seq FROM filings c WHERE c.id = ")
                .bind(Value::Text(after.to_string()))
                .push(")");
        }
        query.push(" ORDER BY f.seq LIMIT ").bind(Value::Number(i64::from(limit)));
        self.read(query).await
    }
}
