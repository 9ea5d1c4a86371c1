//! Stores and finds filings and their signed copies.

pub mod store;
mod put;
pub mod records;
pub mod search;
pub mod feed;
mod title_index;
pub(crate) mod locks;
pub mod signed;
pub mod confirmation;
