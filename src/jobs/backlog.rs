//! Counts the waiting work.

use sqlx::FromRow;

use crate::jobs::Jobs;
use crate::jobs::error::JobsError;

/// The waiting work of all servers that share the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Batches that have not started.
    pub queued_batches: i64,
    /// Batches that have started and not ended.
    pub running_batches: i64,
    /// Lines of these batches that have not ended.
    pub lines: i64,
    /// Webhooks that are still to be delivered.
    pub webhooks: i64,
}

impl Jobs {
    /// Counts the waiting work.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn backlog(&self) -> Result<Backlog, JobsError> {
        let row = self
            .archive
            .database
            .query(
                "SELECT (SELECT COUNT(*) FROM batches WHERE state = 'queued'), \
             (SELECT COUNT(*) FROM batches WHERE state = 'running'), \
             (SELECT COUNT(*) FROM batch_lines l JOIN batches b ON b.id = l.batch_id \
              WHERE b.state IN ('queued', 'running') AND l.state = 'waiting'), \
             (SELECT COUNT(*) FROM batches WHERE webhook_state = 'waiting' \
              AND state IN ('done', 'cancelled'))",
            )
            .fetch_one()
            .await?;
        let (queued_batches, running_batches, lines, webhooks) = FromRow::from_row(&row)?;
        Ok(Backlog { queued_batches, running_batches, lines, webhooks })
    }
}
