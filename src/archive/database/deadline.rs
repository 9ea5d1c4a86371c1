//! Bounds how long one call waits for the database.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::archive::error::ArchiveError;

/// A statement takes milliseconds; one that takes this long has lost its server.
pub const STATEMENT_DEADLINE: Duration = Duration::from_secs(10);

/// A migration may rewrite a large table.
pub const MIGRATION_DEADLINE: Duration = Duration::from_secs(10 * 60);

/// Waits for database work, but not forever: a server that the network cut off does not even
/// report that it is gone.
///
/// # Errors
/// Returns the error of `work`, or `ArchiveError::Deadline` when it is not done by `deadline`; its
/// open transaction is rolled back then.
pub(crate) async fn in_time<T, E: From<ArchiveError>>(
    deadline: Instant,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    timeout_at(deadline, work).await.unwrap_or_else(|_| Err(ArchiveError::Deadline.into()))
}

/// The deadline of work that begins now and may take this long.
#[expect(clippy::disallowed_methods, reason = "bounds a wait; no page depends on it")]
pub(crate) fn from_now(duration: Duration) -> Instant {
    Instant::now() + duration
}
