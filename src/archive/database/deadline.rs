//! Bounds how long a request waits for the database.

use std::future::Future;
use std::time::Duration;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyPool};
use tokio::time::timeout;

use crate::archive::error::ArchiveError;

/// A query takes milliseconds; one that takes this long has lost its server.
const DEADLINE: Duration = Duration::from_secs(10);

/// Waits for work on the database, but not for ever: a server that is cut off answers nothing,
/// not even that it is gone.
///
/// # Errors
/// What the work fails with, or that it took too long; its transaction is rolled back then.
pub async fn in_time<T, E: From<ArchiveError>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    timeout(DEADLINE, work).await.unwrap_or_else(|_| Err(ArchiveError::Deadline.into()))
}

/// The first row of a query, where there is one.
///
/// # Errors
/// A database that fails.
pub(crate) async fn first_of(
    query: Query<'_, Any, AnyArguments>,
    pool: &AnyPool,
) -> Result<Option<AnyRow>, ArchiveError> {
    Ok(query.fetch_optional(pool).await?)
}
