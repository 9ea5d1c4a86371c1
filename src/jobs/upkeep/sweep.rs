//! Deletes abandoned uploads and old tasks, and lets go of the bodies of old batches.

use std::time::Duration;

use sqlx::Row;
use tokio::time::sleep;

use crate::archive::database::Engine;
use crate::document::moment::Moment;
use crate::jobs::Jobs;
use crate::jobs::error::JobsError;

/// How often the sweep runs.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// After how long without a recorded line an upload counts as abandoned. The server that receives it
/// waits at most a minute for a line, and records lines at least once a minute.
const UPLOAD_TIMEOUT_MS: i64 = 10 * 60 * 1000;

/// Sweeps until the process shuts down. An SQLite database is used by one process only, so
/// uploads from before its start are abandoned.
pub(crate) async fn sweep(jobs: Jobs, started_at: Moment) {
    let mut silent_since = match jobs.archive.database.engine() {
        Engine::Sqlite => started_at.0,
        Engine::Postgres => started_at.0 - UPLOAD_TIMEOUT_MS,
    };
    loop {
        if let Err(error) = sweep_once(&jobs, silent_since).await {
            tracing::warn!(?error, "the sweep failed");
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
    jobs.release_bodies().await?;
    jobs.queue.delete_ended(jobs.archive.now().0 / 1000).await
}
