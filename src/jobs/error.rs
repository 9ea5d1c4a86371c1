//! The errors of batches and webhooks.

use crate::archive::error::ArchiveError;

/// An error of a job. Its text is for the log and is not sent to clients.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The queue in SQLite failed.
    #[error("the queue failed")]
    Sqlite(#[from] apalis_sqlite::Error),
    /// The queue in PostgreSQL failed.
    #[error("the queue failed")]
    Postgres(#[from] apalis_postgres::Error),
    /// The HTTP client for webhooks cannot be created.
    #[error("the HTTP client for webhooks cannot be created")]
    Client(#[source] reqwest::Error),
    /// The batch was discarded or is already queued.
    #[error("the batch accepts no more lines")]
    NotReceiving,
    /// The process is stopping.
    #[error("the process is stopping")]
    Stopping,
    /// No thread can be started for a rendering.
    #[error("no thread can be started")]
    NoThread,
}

impl From<sqlx::Error> for JobsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}
