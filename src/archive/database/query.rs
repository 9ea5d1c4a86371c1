//! Puts a query together from fixed pieces; whatever comes from outside is bound to it.

use std::fmt::Write;

use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe};

use crate::archive::access::caller::Caller;
use crate::archive::error::ArchiveError;

/// A query of filings, under the name `f`.
#[derive(Debug)]
pub(crate) struct Query {
    // Invariant: pieces of the program alone, and as many parameters as there are values.
    sql: String,
    values: Vec<Value>,
}

/// A value that is bound.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// TEXT.
    Text(String),
    /// BIGINT.
    Number(i64),
}

impl Query {
    /// A query of the filings that a caller may see. There is no other, so that none forgets it.
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

    /// Adds a piece.
    pub(crate) fn push(&mut self, piece: &'static str) -> &mut Self {
        self.sql.push_str(piece);
        self
    }

    /// Adds a value.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        // Writing to a string cannot fail.
        let _ = write!(self.sql, "${}", self.values.len());
        self
    }

    /// The rows.
    ///
    /// # Errors
    /// A database that fails.
    pub(crate) async fn rows(self, pool: &AnyPool) -> Result<Vec<AnyRow>, ArchiveError> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql));
        for value in self.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
            };
        }
        Ok(query.fetch_all(pool).await?)
    }
}
