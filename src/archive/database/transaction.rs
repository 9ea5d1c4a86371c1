//! A transaction with a deadline.

use sqlx::{Any, SqlSafeStr};
use tokio::time::Instant;

use crate::archive::database::deadline::in_time;
use crate::archive::database::statement::{Statement, Target};
use crate::archive::error::ArchiveError;

/// An open transaction that may write. Dropping it rolls it back.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Any>,
    /// Whether the database runs one writer at a time, like SQLite, so that no locks are needed.
    has_single_writer: bool,
    /// When it is rolled back unless it is committed.
    deadline: Instant,
}

impl Transaction {
    pub(crate) fn new(
        inner: sqlx::Transaction<'static, Any>,
        has_single_writer: bool,
        deadline: Instant,
    ) -> Self {
        Self { inner, has_single_writer, deadline }
    }

    /// A statement that runs in this transaction.
    pub fn query(&mut self, sql: impl SqlSafeStr) -> Statement<'_> {
        Statement::new(Target::Transaction(&mut self.inner), sql, self.deadline)
    }

    /// Locks a name until the transaction ends, so that transactions that lock the same name run
    /// one after the other.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if the database is unreachable, and `ArchiveError::Deadline` if
    /// another transaction holds the lock too long. Retry the whole transaction later.
    pub async fn lock(&mut self, name: &str) -> Result<(), ArchiveError> {
        if !self.has_single_writer {
            self.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(name)
                .execute()
                .await?;
        }
        Ok(())
    }

    /// Commits the transaction.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if the database is unreachable, and `ArchiveError::Deadline` if
    /// it is too slow. It is unknown then whether the changes were committed.
    pub async fn commit(self) -> Result<(), ArchiveError> {
        in_time(self.deadline, async { Ok(self.inner.commit().await?) }).await
    }
}
