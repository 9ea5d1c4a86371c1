//! Reads the batches that a caller may see.

use sqlx::{AssertSqlSafe, FromRow, Row};

use crate::archive::access::caller::{Caller, Role};
use crate::archive::error::ArchiveError;
use crate::jobs::Jobs;
use crate::jobs::batch::{Batch, Counts, MAX_PAGE_LENGTH};
use crate::jobs::error::JobsError;

/// The condition on the batches that a caller may see: its own and, if it may read, those of its
/// agency, or all if it belongs to none. Values: `sees_all`, the id of the caller, `readable_agency`.
const VISIBLE: &str = "state <> 'receiving' AND ($1 = 1 OR posted_by = $2 OR agency = $3)";

fn sees_all(caller: &Caller) -> i64 {
    i64::from(caller.agency.is_none() && caller.roles.has(Role::Read))
}

/// The agency whose batches a caller may read.
fn readable_agency(caller: &Caller) -> Option<&str> {
    caller.agency.as_deref().filter(|_| caller.roles.has(Role::Read))
}

impl Jobs {
    /// Returns a batch with its counts; `None` if there is none or the caller may not see it.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn batch(&self, caller: &Caller, id: &str) -> Result<Option<Batch>, JobsError> {
        let sql = format!("SELECT * FROM batches WHERE {VISIBLE} AND id = $4");
        let row = self
            .archive
            .database
            .query(AssertSqlSafe(sql))
            .bind(sees_all(caller))
            .bind(caller.id.as_str())
            .bind(readable_agency(caller))
            .bind(id)
            .fetch_optional()
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut batch = Batch::from_row(&row)?;
        batch.counts = self.counts(id).await?;
        Ok(Some(batch))
    }

    /// Returns up to `limit` batches that the caller may see, newest first, starting after the batch
    /// with the id `after`. Their counts are 0.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn batches(
        &self,
        caller: &Caller,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Batch>, JobsError> {
        // Each part reads an index, so that a list takes as long as without the batches of others.
        let part = |condition: &str| {
            format!(
                "SELECT * FROM (SELECT * FROM batches WHERE state <> 'receiving' AND {condition} \
                 AND ($3 = '' OR (seq, id) < (SELECT b.seq, b.id FROM batches b WHERE b.id = $3)) \
                 ORDER BY seq DESC, id DESC LIMIT $4) part"
            )
        };
        let sql = if sees_all(caller) == 1 {
            // Both values are bound, whether they are used or not.
            part("($1 = $1 OR $2 = $2)")
        } else {
            let own = part("posted_by = $1");
            format!("{own} UNION {} ORDER BY seq DESC, id DESC LIMIT $4", part("agency = $2"))
        };
        let rows = self
            .archive
            .database
            .query(AssertSqlSafe(sql))
            .bind(caller.id.as_str())
            .bind(readable_agency(caller).unwrap_or_default())
            .bind(after.unwrap_or_default())
            .bind(limit.clamp(1, MAX_PAGE_LENGTH))
            .fetch_all()
            .await?;
        rows.iter().map(|row| Ok(Batch::from_row(row)?)).collect()
    }

    /// Returns a batch without checking who may see it. Its counts are 0.
    pub(crate) async fn batch_for_worker(&self, id: &str) -> Result<Option<Batch>, JobsError> {
        let row = self
            .archive
            .database
            .query("SELECT * FROM batches WHERE id = $1 AND state <> 'receiving'")
            .bind(id)
            .fetch_optional()
            .await?;
        Ok(row.as_ref().map(Batch::from_row).transpose()?)
    }

    /// The number of lines of a batch in each state.
    pub(crate) async fn counts(&self, id: &str) -> Result<Counts, JobsError> {
        let rows = self.archive.database.query(
            "SELECT state, COUNT(*) AS lines FROM batch_lines WHERE batch_id = $1 GROUP BY state",
        )
        .bind(id)
        .fetch_all()
        .await?;
        let mut counts = Counts::default();
        for row in rows {
            let lines: i64 = row.try_get("lines")?;
            match row.try_get("state")? {
                "waiting" => counts.waiting = lines,
                "filed" => counts.filed = lines,
                "refused" => counts.refused = lines,
                "failed" => counts.failed = lines,
                "cancelled" => counts.cancelled = lines,
                _ => return Err(ArchiveError::InvalidRecord("batch_lines").into()),
            }
        }
        Ok(counts)
    }
}
