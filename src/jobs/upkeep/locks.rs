//! Mirrors the retention of filings as locks in the bucket, once a day.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::objects::lock::LockMode;
use crate::jobs::Jobs;

/// How often all locks are compared with the records.
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after a failure.
const RETRY_DELAY: Duration = Duration::from_secs(10 * 60);

/// Mirrors locks until the process shuts down.
pub(crate) async fn mirror(jobs: Jobs, mode: LockMode) {
    loop {
        let mirrored = tokio::select! {
            mirrored = jobs.archive.mirror_locks(mode) => mirrored,
            () = jobs.stopping.cancelled() => return,
        };
        let delay = match mirrored {
            Ok(Some(done)) => {
                tracing::info!(?done, "the locks of the bucket follow the retention");
                INTERVAL
            }
            Ok(None) => {
                tracing::error!("the objects are in a folder, which has no locks");
                return;
            }
            Err(error) => {
                tracing::warn!(?error, "objects could not be locked and will be locked later");
                RETRY_DELAY
            }
        };
        tokio::select! {
            () = sleep(delay) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}
