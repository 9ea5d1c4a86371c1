//! Connections to SQLite that only read. A statement ends at its deadline or when its caller is gone,
//! and then its connection is free again; PostgreSQL does the same by itself.

use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, SqlitePool};
use tokio::time::Instant;

use crate::archive::database::deadline::is_over;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;

/// Connections per process, in addition to those that write.
const CONNECTIONS: u32 = 4;

/// How many steps of a statement run between two looks at its deadline: less than a millisecond.
const STEPS: i32 = 10_000;

/// The result code of a statement that was interrupted.
const INTERRUPTED: &str = "9";

/// The reading connections; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Readers(SqlitePool);

impl Readers {
    /// Connects to the database with this URL, which exists.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if it cannot be opened.
    pub(crate) async fn open(url: &str) -> Result<Self, ArchiveError> {
        let options = url.parse::<SqliteConnectOptions>()?.pragma("query_only", "ON");
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
        Ok(Self(pool.connect_with(options).await?))
    }

    /// Runs a query and returns its rows.
    ///
    /// # Errors
    /// Returns `ArchiveError::Deadline` if it does not end in time, and `ArchiveError::Database` if the
    /// database is unreachable or refuses the query.
    pub(crate) async fn rows(
        &self,
        sql: String,
        values: Vec<Value>,
        deadline: Instant,
    ) -> Result<Vec<AnyRow>, ArchiveError> {
        let mut connection = self.0.acquire().await?;
        let caller = Arc::new(());
        let is_waiting = Arc::downgrade(&caller);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || {
            is_waiting.strong_count() > 0 && !is_over(deadline)
        });
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
            };
        }
        let rows = query.fetch_all(&mut *connection).await.map_err(interrupted)?;
        drop(caller);
        rows.iter().map(|row| Ok(AnyRow::try_from(row)?)).collect()
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}

fn interrupted(error: sqlx::Error) -> ArchiveError {
    match &error {
        sqlx::Error::Database(cause) if cause.code().as_deref() == Some(INTERRUPTED) => {
            ArchiveError::Deadline
        }
        _ => error.into(),
    }
}
