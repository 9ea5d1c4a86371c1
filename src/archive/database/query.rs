//! Builds queries on filings from fixed pieces of SQL. Values are always bound.

use std::fmt::Write;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::archive::access::caller::Caller;
use crate::archive::database::Database;
use crate::archive::error::ArchiveError;

/// A query on filings, under the alias `f`.
#[derive(Debug)]
pub(crate) struct Query {
    // Invariant: consists of literals of this program, with one parameter per value.
    sql: String,
    values: Vec<Value>,
}

/// A bound value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// TEXT.
    Text(String),
    /// BIGINT.
    Number(i64),
}

impl Query {
    /// A query on the filings that a caller may see. This is the only constructor, so no query can
    /// omit the check.
    pub(crate) fn visible_to(caller: &Caller, select: &'static str) -> Self {
        let mut query = Self { sql: select.to_owned(), values: Vec::new() };
        match &caller.agency {
            Some(agency) => query
                .push(" WHERE EXISTS (SELECT 1 FROM filing_issuers v WHERE v.filing_id = f.id")
                .push(" AND v.issuer = ")
                .bind(Value::Text(agency.clone()))
                .push(")"),
            None => query.push(" WHERE 1 = 1"),
        };
        query
    }

    /// Appends SQL.
    pub(crate) fn push(&mut self, piece: &'static str) -> &mut Self {
        self.sql.push_str(piece);
        self
    }

    /// Appends a parameter with its value.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        // Writing to a string cannot fail.
        let _ = write!(self.sql, "${}", self.values.len());
        self
    }

    /// Runs the query and returns its rows.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub(crate) async fn rows(self, database: &Database) -> Result<Vec<AnyRow>, ArchiveError> {
        let mut statement = database.query(AssertSqlSafe(self.sql));
        for value in self.values {
            statement = match value {
                Value::Text(text) => statement.bind(text),
                Value::Number(number) => statement.bind(number),
            };
        }
        statement.fetch_all().await
    }
}
