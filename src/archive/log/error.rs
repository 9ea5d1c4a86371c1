//! Why the log does not continue.

use crate::archive::error::ArchiveError;

/// Why the log does not continue. Acts are still stored; their entries wait.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The log has another origin than the settings.
    #[error("the log has the origin {0}; set log-origin to it")]
    OtherOrigin(String),
    /// The origin is that of a log that this archive left, which another server continues.
    #[error("{0} is the origin of the log that was left; set log-origin to another one")]
    LeftOrigin(String),
    /// The log is signed with another key than the file has.
    #[error("the log is signed with another key; its public key is {0}")]
    OtherKey(String),
    /// The published log is not a continuation of the database, so signing would create a fork.
    #[error("the database and the published log differ at entry {0}; nothing is signed")]
    Fork(u64),
    /// A witness cosigned a longer log, so database and store are older than what was published.
    #[error(
        "the witness {witness} cosigned {size} entries, more than this log has; nothing is signed"
    )]
    WitnessAhead {
        /// The name of the witness.
        witness: String,
        /// The size that it cosigned.
        size: u64,
    },
    /// A published file is missing from the store.
    #[error("{0} is missing from the store; nothing is signed")]
    StoreBehind(String),
    /// A published file is damaged.
    #[error("{0} is damaged; nothing is signed")]
    Damaged(String),
}

impl From<sqlx::Error> for LogError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl LogError {
    /// Whether the same call may succeed later without a change by the operator.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Archive(error) if error.is_outage())
    }
}
