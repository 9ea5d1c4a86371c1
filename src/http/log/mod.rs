//! The log: receipts of filings, and its public files.

pub mod receipt;
pub mod files;
pub mod witness;
