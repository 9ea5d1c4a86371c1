//! Errors of batches and webhooks.

use crate::archive::error::ArchiveError;

/// An error of a job. Its text is for the log, never for a client.
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
    /// The client that sends webhooks cannot be made.
    #[error("webhooks cannot be sent")]
    Client(#[source] reqwest::Error),
    /// The upload of the batch was discarded.
    #[error("the batch takes no more lines")]
    NotReceiving,
    /// The server was told to stop.
    #[error("the server stops")]
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
