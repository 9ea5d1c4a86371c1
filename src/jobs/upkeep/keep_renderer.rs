//! Stores the renderer of this process in the archive, with its program.

use std::time::Duration;

use tokio::time::sleep;

use crate::jobs::Jobs;

/// How long to wait after a failure.
const RETRY_DELAY: Duration = Duration::from_secs(60);

/// Stores the renderer, and tries again until that succeeds or the process shuts down.
pub(crate) async fn keep_renderer(jobs: Jobs) {
    loop {
        let error = tokio::select! {
            kept = jobs.archive.keep_renderer_files() => match kept {
                Ok(()) => return,
                Err(error) => error,
            },
            () = jobs.stopping.cancelled() => return,
        };
        tracing::warn!(?error, "the renderer could not be stored and will be stored later");
        tokio::select! {
            () = sleep(RETRY_DELAY) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}
