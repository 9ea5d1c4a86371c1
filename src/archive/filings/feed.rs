//! The feed of filings for programs that poll: every filing once, in the order of recording.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::Query;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, LISTS};
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
        let mut query = Query::listed_for(caller, &LISTS);
        let seq = query.seq();
        if let Some(after) = after {
            query.beyond(" > ", after);
        }
        query.push(" ORDER BY ").push(seq).push(" LIMIT ").bind(Value::Number(i64::from(limit)));
        self.read(query).await
    }
}
