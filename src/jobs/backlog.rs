//! Counts the waiting work, and queues it again after a move.

use sqlx::{FromRow, Row};

use crate::jobs::Jobs;
use crate::jobs::error::JobsError;
use crate::jobs::lines::runs;
use crate::jobs::queue::{Delivery, Work};

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

    /// Queues the work of an archive that was moved here without its queue. Work that is queued twice is
    /// done once.
    ///
    /// # Errors
    /// Returns `JobsError::Archive`, `JobsError::Sqlite` or `JobsError::Postgres` if the database is
    /// unreachable or too slow. Repeat the call.
    pub async fn queue_again(&self) -> Result<(), JobsError> {
        let unfinished = self
            .archive
            .database
            .query(
                "SELECT b.id, MAX(l.line) AS last FROM batches b \
                 JOIN batch_lines l ON l.batch_id = b.id \
                 WHERE b.state IN ('queued', 'running') GROUP BY b.id",
            )
            .fetch_all()
            .await?;
        for row in unfinished {
            for run in runs(row.try_get("id")?, row.try_get("last")?) {
                self.queue.push(Work::Run(run), None).await?;
            }
        }
        let undelivered = self
            .archive
            .database
            .query(
                "SELECT id FROM batches WHERE webhook_state = 'waiting' \
                 AND state IN ('done', 'cancelled')",
            )
            .fetch_all()
            .await?;
        for row in undelivered {
            let delivery = Delivery { batch: row.try_get("id")?, tries: 0 };
            self.queue.push(Work::Delivery(delivery), None).await?;
        }
        Ok(())
    }
}
