//! Why the archive has no answer.

/// Why the archive has no answer; what it says is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The database cannot be asked, or refuses.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The database cannot be brought to this version's tables.
    #[error("the database's tables cannot be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The store of objects cannot be reached, or is full.
    #[error("the store of objects failed")]
    Store(#[from] object_store::Error),
    /// An object's bytes are not those of its name.
    #[error("object {0} does not have its own SHA-256")]
    Corrupt(String),
    /// A row holds what no row may.
    #[error("a record of {0} cannot be read")]
    Record(&'static str),
}
