//! Work that outlives a request: batches and webhooks on a durable queue.

pub mod error;
pub mod queue;
pub mod batch;
pub mod batches;
pub mod line_error;
pub mod lines;
pub mod ended_lines;
pub mod backlog;
pub mod webhook;
pub mod delivery;
pub mod run;
pub(crate) mod response;
pub mod log;
pub mod upkeep;
pub mod workers;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::archive::Archive;
use crate::jobs::error::JobsError;
use crate::jobs::queue::Queue;
use crate::jobs::webhook::Webhooks;

/// Batches and webhooks; shared by all threads.
#[derive(Debug, Clone)]
pub struct Jobs {
    archive: Archive,
    queue: Queue,
    /// Checks the addresses of webhooks and sends them.
    pub webhooks: Webhooks,
    /// Cancelled when the process shuts down. Workers then take no more tasks, and event streams
    /// end.
    pub stopping: CancellationToken,
}

impl Jobs {
    /// Opens the queue in the database of an archive. No task runs before `Workers::start`.
    ///
    /// # Errors
    /// Returns a `JobsError` if the database cannot be reached or migrated, and `JobsError::Client` if
    /// the HTTP client cannot be created. The process cannot start then.
    pub async fn open(archive: &Archive, webhooks: webhook::Settings) -> Result<Self, JobsError> {
        Ok(Self {
            archive: archive.clone(),
            queue: Queue::open(archive).await?,
            webhooks: Webhooks::new(webhooks)?,
            stopping: CancellationToken::new(),
        })
    }

    /// The time after a delay, in seconds since 1970.
    fn unix_seconds_after(&self, delay: Duration) -> u64 {
        let now = u64::try_from(self.archive.now().0 / 1000).unwrap_or_default();
        now + delay.as_secs()
    }
}
