//! Errors of the archive.

/// An error of the archive. Its text is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The database is unreachable or refused the statement.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The database cannot be brought to this version's tables.
    #[error("the database's tables cannot be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database did not answer in time.
    #[error("the database did not answer in time")]
    Deadline,
    /// The store of objects cannot be reached, or is full.
    #[error("the store of objects failed")]
    Store(#[from] object_store::Error),
    /// An object that a record names is not there.
    #[error("object {0} is not there")]
    Missing(String),
    /// An object's bytes are not those of its name.
    #[error("object {0} does not have its own SHA-256")]
    Corrupt(String),
    /// A row holds an invalid value.
    #[error("a record of {0} cannot be read")]
    InvalidRecord(&'static str),
}

impl ArchiveError {
    /// Whether the error is temporary, so that the same call may succeed later. All other errors are
    /// bugs or damaged data.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Deadline | Self::Store(_) => true,
            Self::Database(error) => database_is_out(error),
            Self::Migration(_) | Self::Missing(_) | Self::Corrupt(_) | Self::InvalidRecord(_) => {
                false
            }
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
        // Connection, lost locks, resources, an operator, the system, a standby, passwords.
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
    fn an_outage_is_told_from_a_fault() {
        for code in ["57P01", "57P03", "53100", "08006", "40P01", "13", "10", "778", "5", "14"] {
            assert!(is_outage_code(code), "{code}");
        }
        for code in ["42703", "23505", "22021", "1", "11", "19", "2067", ""] {
            assert!(!is_outage_code(code), "{code}");
        }
    }
}
