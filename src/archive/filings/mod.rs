//! Filings, their signed copies and the queries that read them.

pub mod store;
pub mod records;
pub mod search;
pub mod signed;
