//! A statement with its values and its deadline. All SQL on the records runs through it.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Encode, SqlSafeStr, Type};
use tokio::time::Instant;

use crate::archive::database::deadline::in_time;
use crate::archive::error::ArchiveError;

/// A statement that has not run yet. Parameters are `$1`, `$2`, …, bound in this order.
///
/// Every method that runs it returns `ArchiveError::Deadline` if the database does not respond in
/// time.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'c> {
    target: Target<'c>,
    query: Query<'static, Any, AnyArguments>,
    deadline: Instant,
}

/// Where a statement runs.
pub(crate) enum Target<'c> {
    /// On any connection, in a transaction of its own.
    Pool(&'c AnyPool),
    /// In an open transaction.
    Transaction(&'c mut AnyConnection),
}

/// Runs a query method on the statement's target, within its deadline.
macro_rules! run {
    ($statement:expr, $method:ident) => {{
        let Statement { target, query, deadline } = $statement;
        in_time(deadline, async {
            Ok(match target {
                Target::Pool(pool) => query.$method(pool).await?,
                Target::Transaction(connection) => query.$method(connection).await?,
            })
        })
        .await
    }};
}

impl<'c> Statement<'c> {
    pub(crate) fn new(target: Target<'c>, sql: impl SqlSafeStr, deadline: Instant) -> Self {
        Self { target, query: sqlx::query(sql), deadline }
    }

    /// Binds the next value.
    pub fn bind<'t, T: Encode<'t, Any> + Type<Any>>(self, value: T) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    /// Runs the statement and returns the number of rows it changed.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` if the database is unreachable or refuses the statement, and
    /// `ArchiveError::Deadline` if it is too slow.
    pub async fn execute(self) -> Result<u64, ArchiveError> {
        run!(self, execute).map(|done| done.rows_affected())
    }

    /// Returns the only row.
    ///
    /// # Errors
    /// Like `execute`; also returns `ArchiveError::Database` if there is no row.
    pub async fn fetch_one(self) -> Result<AnyRow, ArchiveError> {
        run!(self, fetch_one)
    }

    /// Returns the first row, if any.
    ///
    /// # Errors
    /// Like `execute`.
    pub async fn fetch_optional(self) -> Result<Option<AnyRow>, ArchiveError> {
        run!(self, fetch_optional)
    }

    /// Returns all rows.
    ///
    /// # Errors
    /// Like `execute`.
    pub async fn fetch_all(self) -> Result<Vec<AnyRow>, ArchiveError> {
        run!(self, fetch_all)
    }
}
