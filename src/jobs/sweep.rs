//! Clears away uploads that never ended, and tasks that ended long ago.

use std::time::Duration;

use sqlx::Row;
use tokio::time::sleep;

use crate::archive::database::Engine;
use crate::document::moment::Moment;
use crate::jobs::Jobs;
use crate::jobs::error::JobsError;

/// How often it is looked.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// An upload of which nothing came for so long has ended: the server that takes one in waits a
/// minute for each line, and writes down what came at least as often.
const UPLOAD_TIMEOUT_MS: i64 = 10 * 60 * 1000;

/// Sweeps until the process is told to stop. In SQLite, which one process uses, an upload that was
/// there before the process started_at has ended.
pub(crate) async fn sweep(jobs: Jobs, started_at: Moment) {
    let mut silent_since = match jobs.archive.database.engine() {
        Engine::Sqlite => started_at.0,
        Engine::Postgres => started_at.0 - UPLOAD_TIMEOUT_MS,
    };
    loop {
        if let Err(error) = sweep_once(&jobs, silent_since).await {
            tracing::warn!(?error, "sweeping failed");
        }
        tokio::select! {
            () = sleep(SWEEP_INTERVAL) => {}
            () = jobs.stopping.cancelled() => return,
        }
        silent_since = silent_since.max(jobs.archive.now().0 - UPLOAD_TIMEOUT_MS);
    }
}

async fn sweep_once(jobs: &Jobs, silent_since: i64) -> Result<(), JobsError> {
    let silent = jobs
        .archive
        .database
        .query("SELECT id FROM batches WHERE state = 'receiving' AND touched_at < $1")
        .bind(silent_since)
        .fetch_all()
        .await?;
    for row in silent {
        jobs.discard_batch(row.try_get("id")?).await?;
    }
    jobs.queue.delete_ended(jobs.archive.now().0 / 1000).await
}
