//! Receives the lines of a batch and records how they end.

use sqlx::{AssertSqlSafe, FromRow};

use crate::archive::access::caller::Caller;
use crate::archive::audit::act::{Act, Actor, INSERT_ENTRY};
use crate::archive::idempotency::{Attempt, FINISH_ATTEMPT};
use crate::jobs::Jobs;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobsError;
use crate::jobs::line_error::LineError;
use crate::jobs::queue::{BoundStatement, Delivery, NewTask, Run, Work};

/// The most lines of a batch.
pub const MAX_LINES: i64 = 100_000;

/// How many lines a worker takes at a time. They take some seconds: long enough that the queue costs
/// little, short enough that several processes share a batch evenly.
pub const LINES_PER_RUN: i64 = 20;

/// How many lines a statement reads or writes.
pub const LINES_PER_QUERY: usize = 200;

impl Jobs {
    /// Creates a batch and returns its id. Callers do not see it before `queue_batch`.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn begin_batch(
        &self,
        caller: &Caller,
        webhook: Option<&str>,
    ) -> Result<String, JobsError> {
        let id = self.archive.new_id();
        self.archive
            .database
            .query(
                "INSERT INTO batches (id, state, posted_by, agency, created_at, touched_at, \
             webhook_url, webhook_state, seq) VALUES ($1, 'receiving', $2, $3, $4, $4, $5, $6, \
             (SELECT COALESCE(MAX(seq), 0) + 1 FROM batches))",
            )
            .bind(id.as_str())
            .bind(caller.id.as_str())
            .bind(caller.agency.as_deref())
            .bind(self.archive.now().0)
            .bind(webhook)
            .bind(webhook.map(|_| "waiting"))
            .execute()
            .await?;
        Ok(id)
    }

    /// Adds lines, each with its number and the SHA-256 of its stored body.
    ///
    /// # Errors
    /// Returns `JobsError::NotReceiving` if the batch was discarded or is queued, and
    /// `JobsError::Archive` if the database is unreachable or too slow.
    pub async fn add_lines(&self, id: &str, lines: &[(i64, String)]) -> Result<(), JobsError> {
        let mut transaction = self.archive.database.begin().await?;
        let touched = transaction
            .query("UPDATE batches SET touched_at = $2 WHERE id = $1 AND state = 'receiving'")
            .bind(id)
            .bind(self.archive.now().0)
            .execute()
            .await?;
        if touched == 0 {
            return Err(JobsError::NotReceiving);
        }
        for lines in lines.chunks(LINES_PER_QUERY) {
            let rows: Vec<String> = (0..lines.len())
                .map(|row| format!("($1, ${}, ${}, 'waiting')", 2 * row + 2, 2 * row + 3))
                .collect();
            let sql = format!(
                "INSERT INTO batch_lines (batch_id, line, body_sha256, state) VALUES {}",
                rows.join(", ")
            );
            let mut query = transaction.query(AssertSqlSafe(sql)).bind(id);
            for (line, sha256) in lines {
                query = query.bind(*line).bind(sha256.as_str());
            }
            query.execute().await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Queues a batch whose lines are all added. Takes the number of lines and the number of the last
    /// one. The outcome of its `Idempotency-Key` is committed together with it, so that the key cannot
    /// create a second batch if the process dies afterwards.
    ///
    /// # Errors
    /// Returns `JobsError::NotReceiving` if the batch was discarded or is queued, and
    /// `JobsError::Archive`, `JobsError::Sqlite` or `JobsError::Postgres` if the database is
    /// unreachable or too slow.
    pub async fn queue_batch(
        &self,
        id: &str,
        (total, last): (i64, i64),
        actor: Actor<'_>,
        attempt: Option<&Attempt>,
    ) -> Result<(), JobsError> {
        let runs: Vec<NewTask> = runs(id, last).map(|run| (Work::Run(run), None)).collect();
        let guard = BoundStatement {
            sql: "UPDATE batches SET state = 'queued', total = $2 \
                  WHERE id = $1 AND state = 'receiving'",
            values: vec![id.into(), total.into()],
        };
        let mut others = vec![self.audit_entry(actor, Act::BatchPosted, id)];
        others.extend(attempt.map(|attempt| finish_attempt(attempt, id)));
        if self.queue.execute_and_push(guard, &others, &runs).await? {
            Ok(())
        } else {
            Err(JobsError::NotReceiving)
        }
    }

    /// Deletes a batch whose upload is incomplete. The objects of its lines stay. Does nothing if the
    /// batch is queued.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn discard_batch(&self, id: &str) -> Result<(), JobsError> {
        let mut transaction = self.archive.database.begin().await?;
        // Locks the row, so that the batch cannot be queued while its lines are deleted.
        let receiving = transaction
            .query(
                "UPDATE batches SET touched_at = touched_at WHERE id = $1 AND state = 'receiving'",
            )
            .bind(id)
            .execute()
            .await?;
        if receiving == 1 {
            for sql in
                ["DELETE FROM batch_lines WHERE batch_id = $1", "DELETE FROM batches WHERE id = $1"]
            {
                transaction.query(sql).bind(id).execute().await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Cancels a batch; filed lines stay filed. Returns `false` if the batch had already ended.
    ///
    /// # Errors
    /// Returns `JobsError::Archive`, `JobsError::Sqlite` or `JobsError::Postgres` if the database is
    /// unreachable or too slow. Retry later.
    pub async fn cancel_batch(&self, batch: &Batch, actor: Actor<'_>) -> Result<bool, JobsError> {
        let guard = BoundStatement {
            sql: "UPDATE batches SET state = 'cancelled', finished_at = $2 \
                  WHERE id = $1 AND state IN ('queued', 'running')",
            values: vec![batch.id.as_str().into(), self.archive.now().0.into()],
        };
        let lines = BoundStatement {
            sql: "UPDATE batch_lines SET state = 'cancelled' \
                  WHERE batch_id = $1 AND state = 'waiting'",
            values: vec![batch.id.as_str().into()],
        };
        let entry = self.audit_entry(actor, Act::BatchCancelled, &batch.id);
        self.queue.execute_and_push(guard, &[lines, entry], &webhook_task(batch)).await
    }

    /// Cancels all batches of a caller that have not ended, and returns how many.
    ///
    /// # Errors
    /// As `cancel_batch`.
    pub async fn cancel_batches_of(
        &self,
        caller: &str,
        actor: Actor<'_>,
    ) -> Result<usize, JobsError> {
        let rows = self
            .archive
            .database
            .query("SELECT * FROM batches WHERE posted_by = $1 AND state IN ('queued', 'running')")
            .bind(caller)
            .fetch_all()
            .await?;
        let mut n_cancelled = 0;
        for row in &rows {
            let cancelled = self.cancel_batch(&Batch::from_row(row)?, actor).await?;
            n_cancelled += usize::from(cancelled);
        }
        Ok(n_cancelled)
    }

    /// Removes what the problems of a batch quote from its lines, such as names of people, and lets go
    /// of the bodies of its lines, which are removed a day after they were posted. Lines that end later
    /// are not affected.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn clear_problems(&self, batch: &Batch, actor: Actor<'_>) -> Result<(), JobsError> {
        let mut transaction = self.archive.database.begin().await?;
        transaction
            .query(
                "UPDATE batch_lines SET problem = $2, keeps_body = 0 \
                 WHERE batch_id = $1 AND problem IS NOT NULL",
            )
            .bind(batch.id.as_str())
            .bind(LineError::Cleared.json())
            .execute()
            .await?;
        self.archive.record_act(&mut transaction, actor, Act::BatchCleared, &batch.id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Marks a queued batch as running.
    pub(crate) async fn start_batch(&self, batch: &Batch) -> Result<(), JobsError> {
        self.archive
            .database
            .query(
                "UPDATE batches SET state = 'running', started_at = $2 \
             WHERE id = $1 AND state = 'queued'",
            )
            .bind(batch.id.as_str())
            .bind(self.archive.now().0)
            .execute()
            .await?;
        Ok(())
    }

    /// Ends a batch unless lines are waiting. Returns whether it ended now.
    pub(crate) async fn finish_batch(&self, batch: &Batch) -> Result<bool, JobsError> {
        let guard = BoundStatement {
            sql: "UPDATE batches SET state = 'done', finished_at = $2 \
                  WHERE id = $1 AND state IN ('queued', 'running') AND NOT EXISTS \
                  (SELECT 1 FROM batch_lines WHERE batch_id = $1 AND state = 'waiting')",
            values: vec![batch.id.as_str().into(), self.archive.now().0.into()],
        };
        self.queue.execute_and_push(guard, &[], &webhook_task(batch)).await
    }

    /// The waiting lines of a run, each with the SHA-256 of its body.
    pub(crate) async fn waiting_lines(&self, run: &Run) -> Result<Vec<(i64, String)>, JobsError> {
        let rows = self
            .archive
            .database
            .query(
                "SELECT line, body_sha256 FROM batch_lines WHERE batch_id = $1 \
             AND line BETWEEN $2 AND $3 AND state = 'waiting' ORDER BY line",
            )
            .bind(run.batch.as_str())
            .bind(run.first)
            .bind(run.last)
            .fetch_all()
            .await?;
        rows.iter().map(|row| Ok(FromRow::from_row(row)?)).collect()
    }

    fn audit_entry(&self, actor: Actor<'_>, act: Act, subject: &str) -> BoundStatement {
        let values = vec![
            self.archive.new_id().as_str().into(),
            self.archive.now().0.into(),
            actor.caller.into(),
            act.name().into(),
            subject.into(),
            actor.request_id.into(),
            actor.address.into(),
        ];
        BoundStatement { sql: INSERT_ENTRY, values }
    }
}

/// The runs of a batch with this last line.
pub(crate) fn runs(id: &str, last: i64) -> impl Iterator<Item = Run> {
    (0..(last + LINES_PER_RUN - 1) / LINES_PER_RUN)
        .map(move |run| (run * LINES_PER_RUN + 1, last.min((run + 1) * LINES_PER_RUN)))
        .map(|(first, last)| Run { batch: id.to_owned(), first, last, tries: 0 })
}

fn finish_attempt(attempt: &Attempt, id: &str) -> BoundStatement {
    let Attempt { owner, key, started_at } = attempt;
    let values = vec![id.into(), owner.as_str().into(), key.as_str().into(), started_at.0.into()];
    BoundStatement { sql: FINISH_ATTEMPT, values }
}

/// The task that sends the webhook of a batch that ends, if it has one.
fn webhook_task(batch: &Batch) -> Vec<NewTask> {
    let delivery = Delivery { batch: batch.id.clone(), tries: 0 };
    batch.webhook.iter().map(|_| (Work::Delivery(delivery.clone()), None)).collect()
}
