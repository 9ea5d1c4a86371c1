//! Stores and finds filings and their signed copies.

pub mod store;
pub mod records;
pub mod search;
pub mod signed;
