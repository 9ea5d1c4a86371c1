//! Removes objects that no record names, from time to time.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::error::ArchiveError;
use crate::jobs::Jobs;

/// How often objects that were set aside are removed.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Every how many intervals all objects are listed.
const LISTED_EVERY: u32 = 6;

/// Collects until the process shuts down.
pub(crate) async fn collect(jobs: Jobs) {
    let mut round = 0;
    loop {
        // A store that forbids deletion keeps its objects.
        if let Err(error) = collect_once(&jobs, round % LISTED_EVERY == 0).await {
            tracing::warn!(?error, "objects without a record could not be removed");
        }
        round += 1;
        tokio::select! {
            () = sleep(INTERVAL) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}

async fn collect_once(jobs: &Jobs, lists_all: bool) -> Result<(), ArchiveError> {
    // Of a server that stopped while it destroyed the files.
    jobs.archive.finish_disposals().await?;
    let done = jobs.archive.remove_aside().await?;
    if done.removed + done.put_back > 0 {
        let (objects, bytes, put_back) = (done.removed, done.removed_bytes, done.put_back);
        tracing::info!(objects, bytes, put_back, "objects without a record were removed");
    }
    if lists_all {
        let stopping = jobs.stopping.clone();
        tokio::select! {
            set_aside = jobs.archive.set_unnamed_aside() => drop(set_aside?),
            () = stopping.cancelled() => {}
        }
    }
    Ok(())
}
