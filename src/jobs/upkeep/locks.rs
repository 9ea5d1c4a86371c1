//! Mirrors the retention of filings as locks in the bucket, once a day.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::objects::lock::LockMode;
use crate::jobs::Jobs;

/// How often all locks are compared with the records.
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after a failure, and twice as long after each further one, up to `INTERVAL`.
const RETRY_DELAY: Duration = Duration::from_secs(10 * 60);

/// Mirrors locks until the process shuts down.
pub(crate) async fn mirror(jobs: Jobs, mode: LockMode) {
    let mut retry_delay = RETRY_DELAY;
    loop {
        let mirrored = tokio::select! {
            mirrored = jobs.archive.mirror_locks(mode) => mirrored,
            () = jobs.stopping.cancelled() => return,
        };
        let is_done = match mirrored {
            Ok(Some(done)) if done.refused > 0 => {
                tracing::warn!(?done, "the bucket refused requests about locks");
                false
            }
            Ok(Some(done)) => {
                tracing::info!(?done, "the locks of the bucket follow the retention");
                true
            }
            Ok(None) => {
                tracing::error!("the objects are in a folder, which has no locks");
                return;
            }
            Err(error) => {
                tracing::warn!(?error, "objects could not be locked and will be locked later");
                false
            }
        };
        let delay = if is_done { INTERVAL } else { retry_delay };
        retry_delay = if is_done { RETRY_DELAY } else { (2 * retry_delay).min(INTERVAL) };
        tokio::select! {
            () = sleep(delay) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}
