//! The HTTP interface, version 1.

pub mod app;
pub mod router;
pub mod access;
pub mod administration;
pub mod filings;
pub mod drafts;
pub mod log;
pub mod preservation;
pub mod batches;
pub mod imports;
pub mod units;
pub mod office;
pub mod request;
pub mod problem;
pub mod operations;
pub mod server;
pub mod contract;
