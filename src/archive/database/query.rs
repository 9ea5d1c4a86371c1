//! Builds queries on filings and drafts from fixed pieces of SQL. Values are always bound.

use std::fmt::Write;

use sqlx::any::AnyRow;

use crate::archive::access::caller::Caller;
use crate::archive::database::Database;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;

/// The sequence in `filings`.
const SEQ: &str = "f.seq";

/// The sequence in an agency's entries in `filing_issuers`.
const LISTED_SEQ: &str = "v.seq";

/// A query on filings, under the alias `f`, or on drafts, under the alias `d`.
#[derive(Debug)]
pub(crate) struct Query {
    // Invariant: consists of literals of this program, with one parameter per value.
    sql: String,
    values: Vec<Value>,
    seq: &'static str,
}

/// How a list selects its rows.
#[derive(Debug)]
pub(crate) struct Selects {
    /// From all filings.
    pub(crate) all: &'static str,
    /// From the entries `v` of one agency in `filing_issuers`.
    pub(crate) by_issuer: &'static str,
}

impl Query {
    /// A query on the filings that a caller may see: all, or those that its agency issues and has
    /// confirmed. With `listed_for`, `waiting_for` and `naming` these are the only constructors, so no
    /// query can omit the check.
    pub(crate) fn visible_to(caller: &Caller, select: &'static str) -> Self {
        Self::of_issuer(caller, select, " AND v.confirmed = 1)")
    }

    /// A query on the filings that name the caller's agency as an issuer, confirmed or not.
    pub(crate) fn naming(caller: &Caller, select: &'static str) -> Self {
        Self::of_issuer(caller, select, ")")
    }

    /// The same filings as `visible_to`, for lists in the order of `seq()`. Reads the filings of the
    /// caller's agency only, so that a list takes as long as without the filings of others.
    pub(crate) fn listed_for(caller: &Caller, selects: &Selects) -> Self {
        match &caller.agency {
            Some(agency) => Self::of_list(agency, selects, " AND v.confirmed = 1"),
            None => Self::visible_to(caller, selects.all),
        }
    }

    /// A list, like `listed_for`, of the filings that an agency has not confirmed.
    pub(crate) fn waiting_for(agency: &str, selects: &Selects) -> Self {
        Self::of_list(agency, selects, " AND v.confirmed = 0")
    }

    fn of_list(agency: &str, selects: &Selects, end: &'static str) -> Self {
        let mut query =
            Self { sql: selects.by_issuer.to_owned(), values: Vec::new(), seq: LISTED_SEQ };
        query
            .push(" WHERE f.seq = v.seq AND v.issuer = ")
            .bind(Value::Text(agency.to_owned()))
            .push(end);
        query
    }

    fn of_issuer(caller: &Caller, select: &'static str, end: &'static str) -> Self {
        let mut query = Self { sql: select.to_owned(), values: Vec::new(), seq: SEQ };
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
        let mut query = Self { sql: select.to_owned(), values: Vec::new(), seq: SEQ };
        match &caller.agency {
            Some(agency) => query.push(" WHERE d.agency = ").bind(Value::Text(agency.clone())),
            None => query.push(" WHERE 1 = 1"),
        };
        query
    }

    /// The column with the sequence of the filing, by which lists are ordered.
    pub(crate) fn seq(&self) -> &'static str {
        self.seq
    }

    /// Restricts a list to the filings before (`<`) or after (`>`) the filing with an id.
    pub(crate) fn beyond(&mut self, comparison: &'static str, id: &Id) -> &mut Self {
        // Both columns of the join, so that each plan starts at the filing.
        let columns = if self.seq == LISTED_SEQ { &[LISTED_SEQ, SEQ][..] } else { &[SEQ] };
        for column in columns {
            self.push(" AND ")
                .push(column)
                .push(comparison)
                .push("(SELECT c.seq FROM filings c WHERE c.id = ")
                .bind(Value::Text(id.to_string()))
                .push(")");
        }
        self
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

    /// The plan of the query instead of its rows.
    #[cfg(test)]
    pub(crate) fn explained(mut self) -> Self {
        self.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
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
