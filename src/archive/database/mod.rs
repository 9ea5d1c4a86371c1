//! The database of records: SQLite or PostgreSQL, asked with the same queries.

pub mod deadline;
pub(crate) mod query;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, Connection, Executor, Transaction};

use crate::archive::error::ArchiveError;

/// How long a request waits for a connection before it is told that the service is busy.
const ACQUIRE_DEADLINE: Duration = Duration::from_secs(3);

/// FULL: what was answered with 201 survives a loss of power.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

/// No query waits for ever for another's lock, and no transaction outlives the client that lost
/// its way to the server.
const POSTGRES_SETTINGS: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s';";

/// Connections of one process.
const CONNECTIONS: u32 = 8;

/// Beside the table of the queue's own migrations in the same database.
const MIGRATIONS_TABLE: &str = "hongtou_migrations";

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Which database it is. Queries are the same for both: parameters as `$1`, types TEXT and BIGINT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of SQLite, with a write-ahead log.
    Sqlite,
    /// A server of PostgreSQL.
    Postgres,
}

/// The database; shared by all threads.
#[derive(Debug, Clone)]
pub struct Database {
    pool: AnyPool,
    engine: Engine,
    address: Address,
}

/// Where a database is. It may hold a password, which no log shows.
#[derive(Clone)]
struct Address(Arc<str>);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Database {
    /// Opens the SQLite database of a data folder; the file is made where there is none.
    ///
    /// # Errors
    /// As `open`.
    pub async fn in_folder(folder: &Path) -> Result<Self, ArchiveError> {
        let file = folder.join("hongtou.sqlite");
        let path: String =
            file.as_os_str().as_encoded_bytes().iter().copied().map(in_url).collect();
        Self::open(&format!("sqlite://{path}?mode=rwc")).await
    }

    /// Opens a database (`sqlite://…` or `postgres://…`) and brings its tables up to date.
    ///
    /// # Errors
    /// A database that cannot be reached or brought up to date.
    pub async fn open(url: &str) -> Result<Self, ArchiveError> {
        install_default_drivers();
        let engine = if url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres };
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE_DEADLINE)
            // On a full disk SQLite rolls back by itself, sqlx does not learn of it, and the
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
        let database = Self { pool, engine, address: Address(url.into()) };
        database.migrate().await?;
        Ok(database)
    }

    async fn migrate(&self) -> Result<(), ArchiveError> {
        let migrations = match self.engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let mut migrator = Migrator::with_migrations(migrations.iter().cloned().collect());
        migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
        Ok(migrator.run(&self.pool).await?)
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Where it is, with whatever password there is.
    pub fn url(&self) -> &str {
        &self.address.0
    }

    /// The connections, for a query by itself.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction that may write. SQLite takes its one writer's place at once: a reader
    /// that becomes a writer halfway is turned away without waiting.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, ArchiveError> {
        Ok(match self.engine {
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.pool.begin().await?,
        })
    }

    /// Holds a name until the transaction ends, so that those who write under the same name do so
    /// one after the other. SQLite has one writer anyway.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn lock(
        &self,
        transaction: &mut Transaction<'static, Any>,
        name: &str,
    ) -> Result<(), ArchiveError> {
        if self.engine == Engine::Postgres {
            sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(name)
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    /// Asks the database whether it answers.
    ///
    /// # Errors
    /// A database that does not.
    pub async fn ready(&self) -> Result<(), ArchiveError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}

/// A byte of a path as a URL has it.
fn in_url(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}
