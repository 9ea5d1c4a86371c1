//! Limits how long a call waits for the database.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::archive::error::ArchiveError;

/// The deadline of a statement. Statements take milliseconds; one that takes this long has lost its
/// server.
pub const STATEMENT_DEADLINE: Duration = Duration::from_secs(10);

/// The deadline of all migrations. One may rewrite a large table.
pub const MIGRATION_DEADLINE: Duration = Duration::from_secs(10 * 60);

/// Waits for database work until the deadline. Without one, the call would never return after the
/// network has lost the connection.
///
/// # Errors
/// Returns the error of `work`, or `ArchiveError::Deadline` after the deadline; an open transaction
/// is rolled back then.
pub(crate) async fn in_time<T, E: From<ArchiveError>>(
    deadline: Instant,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    timeout_at(deadline, work).await.unwrap_or_else(|_| Err(ArchiveError::Deadline.into()))
}

/// The deadline of work that starts now and may take this long.
#[expect(clippy::disallowed_methods, reason = "limits a wait; no page depends on it")]
pub(crate) fn from_now(duration: Duration) -> Instant {
    Instant::now() + duration
}
