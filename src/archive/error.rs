//! The errors of the archive.

/// An error of the archive. Its text is for the log and is not sent to clients.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The database is unreachable or refused the statement.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The tables cannot be migrated to this version.
    #[error("the database cannot be migrated")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database did not respond before the deadline.
    #[error("the database did not respond before the deadline")]
    Deadline,
    /// The object store is unreachable or full.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
    /// There is no object with the SHA-256 that a record contains.
    #[error("object {0} is missing")]
    Missing(String),
    /// The bytes of an object have another SHA-256.
    #[error("object {0} is corrupt: its SHA-256 differs")]
    Corrupt(String),
    /// An object that never changes exists with other bytes.
    #[error("object {0} exists with other bytes")]
    Conflict(String),
    /// A row contains an invalid value.
    #[error("a record has an invalid value: {0}")]
    InvalidRecord(&'static str),
}

impl ArchiveError {
    /// Whether the error is temporary, so that the same call may succeed later. Other errors are bugs
    /// or damaged data.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Deadline | Self::Store(_) => true,
            Self::Database(error) => database_is_out(error),
            Self::Migration(_)
            | Self::Missing(_)
            | Self::Corrupt(_)
            | Self::Conflict(_)
            | Self::InvalidRecord(_) => false,
        }
    }
}

fn database_is_out(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_outage_code(&code)),
        _ => false,
    }
}

/// Whether an SQLite result code or a PostgreSQL SQLSTATE means a temporary error.
fn is_outage_code(code: &str) -> bool {
    if code.len() == 5 {
        // Connections, rollbacks, resources, operator intervention, system errors; then read-only
        // transactions, authorization, passwords, missing databases and unavailable locks.
        let classes = ["08", "40", "53", "57", "58"];
        return classes.iter().any(|class| code.starts_with(class))
            || ["25006", "28000", "28P01", "3D000", "55P03"].contains(&code);
    }
    // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN; the low byte of an
    // extended code is the code.
    code.parse().is_ok_and(|code: u32| [5, 6, 7, 8, 9, 10, 13, 14].contains(&(code & 0xFF)))
}

#[cfg(test)]
mod tests {
    use super::is_outage_code;

    #[test]
    fn outages_are_distinguished_from_other_errors() {
        for code in ["57P01", "57P03", "53100", "08006", "40P01", "13", "10", "778", "5", "14"] {
            assert!(is_outage_code(code), "{code}");
        }
        for code in ["42703", "23505", "22021", "1", "11", "19", "2067", ""] {
            assert!(!is_outage_code(code), "{code}");
        }
    }
}
