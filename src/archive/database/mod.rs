//! The database of records: SQLite or PostgreSQL, with the same statements for both.

pub(crate) mod deadline;
pub mod statement;
pub mod transaction;
pub(crate) mod query;
mod readers;
pub(crate) mod value;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sqlx::any::{AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, AssertSqlSafe, Connection, Executor, SqlSafeStr};
use tokio::time::Instant;

use crate::archive::database::deadline::{
    MIGRATION_DEADLINE, STATEMENT_DEADLINE, from_now, in_time,
};
use crate::archive::database::readers::Readers;
use crate::archive::database::statement::{Statement, Target};
use crate::archive::database::transaction::Transaction;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;

/// The name of the SQLite database in the data folder.
pub const SQLITE_FILE: &str = "hongtou.sqlite";

/// How long a request waits for a free connection before it fails as busy.
const ACQUIRE_DEADLINE: Duration = Duration::from_secs(3);

/// `FULL`, so that a filing that was answered with 201 survives a power loss.
/// Deleted rows are overwritten, because drafts may contain personal data.
const SQLITE_SETTINGS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";

/// Limits the wait for a lock, and ends transactions whose client is gone.
pub(crate) const POSTGRES_SETTINGS: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s';";

/// Connections per process.
const CONNECTIONS: u32 = 8;

/// Not the default of sqlx, which the job queue uses for its migrations in the same database.
const MIGRATIONS_TABLE: &str = "hongtou_migrations";

/// The bytes of a path that are percent-encoded in a database URL.
const ENCODED_IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database engine. Statements are the same for both: parameters as `$1`, types TEXT and BIGINT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// An SQLite file, with a write-ahead log.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The database; shared by all threads.
#[derive(Debug, Clone)]
pub struct Database {
    // Private, so that every statement has a deadline.
    pool: AnyPool,
    // Only for SQLite.
    readers: Option<Readers>,
    deadline: Duration,
    engine: Engine,
    address: Address,
}

/// The URL of a database. It may contain a password, so `Debug` hides it.
#[derive(Clone)]
struct Address(Arc<str>);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Database {
    /// Opens the SQLite database of a data folder; creates the file if it is missing.
    ///
    /// # Errors
    /// Like `open`.
    pub async fn in_folder(folder: &Path) -> Result<Self, ArchiveError> {
        let file = folder.join(SQLITE_FILE);
        let path = percent_encode(file.as_os_str().as_encoded_bytes(), ENCODED_IN_PATH);
        Self::open(&format!("sqlite://{path}?mode=rwc")).await
    }

    /// Opens a database (`sqlite://…` or `postgres://…`) and migrates its tables to this version.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if the database cannot be reached, and
    /// `ArchiveError::Migration` or `ArchiveError::Deadline` if it cannot be migrated. The process
    /// cannot start then.
    pub async fn open(url: &str) -> Result<Self, ArchiveError> {
        install_default_drivers();
        let engine = if url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres };
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE_DEADLINE)
            // If the disk is full, SQLite rolls back by itself. sqlx does not notice, and the
            // connection would refuse every later transaction.
            .before_acquire(|connection, _| {
                let is_idle = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_idle) })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    let settings = match engine {
                        Engine::Sqlite => SQLITE_SETTINGS,
                        Engine::Postgres => POSTGRES_SETTINGS,
                    };
                    connection.execute(settings).await?;
                    Ok(())
                })
            })
            .connect(url)
            .await?;
        let address = Address(url.into());
        let mut database =
            Self { pool, readers: None, deadline: STATEMENT_DEADLINE, engine, address };
        database.migrate().await?;
        if engine == Engine::Sqlite {
            database.readers = Some(Readers::open(url).await?);
        }
        Ok(database)
    }

    /// The same database, with another deadline for each statement and each transaction.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    async fn migrate(&self) -> Result<(), ArchiveError> {
        let migrations = match self.engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let mut migrator = Migrator::with_migrations(migrations.iter().cloned().collect());
        migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
        let deadline = from_now(MIGRATION_DEADLINE);
        in_time(deadline, async { Ok(migrator.run(&self.pool).await?) }).await
    }

    /// The database engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The URL of the database, including its password.
    pub fn url(&self) -> &str {
        &self.address.0
    }

    /// The deadline of a statement that starts now.
    pub(crate) fn deadline(&self) -> Instant {
        from_now(self.deadline)
    }

    /// A statement that runs in a transaction of its own.
    pub fn query(&self, sql: impl SqlSafeStr) -> Statement<'_> {
        Statement::new(Target::Pool(&self.pool), sql, self.deadline())
    }

    /// Runs a query on connections that only read, so that slow queries take none from writers.
    async fn read(&self, sql: String, values: Vec<Value>) -> Result<Vec<AnyRow>, ArchiveError> {
        let deadline = self.deadline();
        if let Some(readers) = &self.readers {
            return in_time(deadline, readers.rows(sql, values, deadline)).await;
        }
        let mut statement = self.query(AssertSqlSafe(sql));
        for value in values {
            statement = match value {
                Value::Text(text) => statement.bind(text),
                Value::Number(number) => statement.bind(number),
            };
        }
        statement.fetch_all().await
    }

    /// Begins a transaction that may write. In SQLite it takes the write lock immediately, because a
    /// reader that becomes a writer later would fail instead of waiting for the lock.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if the database is unreachable or no connection is free, and
    /// `ArchiveError::Deadline` if it is too slow. Retry later.
    pub async fn begin(&self) -> Result<Transaction, ArchiveError> {
        let deadline = self.deadline();
        in_time(deadline, async {
            let has_single_writer = self.engine == Engine::Sqlite;
            let begin = if has_single_writer { "BEGIN IMMEDIATE" } else { "BEGIN" };
            let inner = self.pool.begin_with(begin).await?;
            Ok(Transaction::new(inner, has_single_writer, deadline))
        })
        .await
    }

    /// Empties the write-ahead log of SQLite, which still has what was deleted. PostgreSQL does the
    /// same when it cleans its tables up.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. The log is emptied later then.
    pub async fn erase_deleted(&self) -> Result<(), ArchiveError> {
        if self.engine == Engine::Sqlite {
            self.query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_optional().await?;
        }
        Ok(())
    }

    /// Checks that the database responds.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if it is unreachable, and `ArchiveError::Deadline` if it is too
    /// slow.
    pub async fn ready(&self) -> Result<(), ArchiveError> {
        self.query("SELECT 1").execute().await?;
        Ok(())
    }

    /// Closes all connections. Every later call returns `ArchiveError::Database`.
    pub async fn close(&self) {
        self.pool.close().await;
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
    }
}
