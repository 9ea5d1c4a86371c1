//! Why a retention, a hold or a disposal is refused.

use crate::archive::error::ArchiveError;

/// Why an act is refused. Where a filing prevents it, its id is given.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// There is no such filing, hold or disposal.
    #[error("there is no such filing, hold or disposal")]
    NotFound,
    /// The filing has no retention class.
    #[error("filing {0} has no retention class")]
    NoClass(String),
    /// The time of the filing is not over.
    #[error("filing {0} must still be kept")]
    NotDue(String),
    /// The filing has a hold.
    #[error("filing {0} has a hold")]
    Held(String),
    /// The files of the filing are destroyed.
    #[error("filing {0} is disposed of")]
    Disposed(String),
    /// The filing is part of another disposal that is not finished.
    #[error("filing {0} is part of another disposal")]
    InOther(String),
    /// The time would become shorter.
    #[error("a retention is never shortened")]
    Shorter,
    /// The person has another part in the disposal, which needs different people.
    #[error("this part needs another person")]
    SamePerson,
    /// The disposal or the hold is in another state.
    #[error("this is not the turn of the act")]
    State,
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for RetentionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}
