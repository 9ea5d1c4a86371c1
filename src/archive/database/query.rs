//! Builds queries on filings and drafts from fixed pieces of SQL. Values are always bound.

use std::fmt::Write;

use sqlx::any::AnyRow;

use crate::archive::access::caller::Caller;
use crate::archive::database::Database;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;

/// A query on filings, under the alias `f`, or on drafts, under the alias `d`.
#[derive(Debug)]
pub(crate) struct Query {
    // Invariant: consists of literals of this program, with one parameter per value.
    sql: String,
    values: Vec<Value>,
}

impl Query {
    /// A query on the filings that a caller may see: all, or those that its agency issues and has
    /// confirmed. With `naming` these are the only constructors, so no query can omit the check.
    pub(crate) fn visible_to(caller: &Caller, select: &'static str) -> Self {
        Self::of_issuer(caller, select, " AND v.confirmed = 1)")
    }

    /// A query on the filings that name the caller's agency as an issuer, confirmed or not.
    pub(crate) fn naming(caller: &Caller, select: &'static str) -> Self {
        Self::of_issuer(caller, select, ")")
    }

    fn of_issuer(caller: &Caller, select: &'static str, end: &'static str) -> Self {
        let mut query = Self { sql: select.to_owned(), values: Vec::new() };
        match &caller.agency {
            Some(agency) => query
                .push(" WHERE EXISTS (SELECT 1 FROM filing_issuers v WHERE v.filing_id = f.id")
                .push(" AND v.issuer = ")
                .bind(Value::Text(agency.clone()))
                .push(end),
            None => query.push(" WHERE 1 = 1"),
        };
        query
    }

    /// A query on the drafts that a caller may see: all, or those of its agency. Drafts have no other
    /// constructor.
    pub(crate) fn drafts_of(caller: &Caller, select: &'static str) -> Self {
        let mut query = Self { sql: select.to_owned(), values: Vec::new() };
        match &caller.agency {
            Some(agency) => query.push(" WHERE d.agency = ").bind(Value::Text(agency.clone())),
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
        database.read(self.sql, self.values).await
    }
}
