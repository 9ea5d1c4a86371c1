//! The HTTP interface, version 1.

pub mod app;
pub mod router;
pub mod access;
pub mod filings;
pub mod preservation;
pub mod batches;
pub mod office;
pub mod request;
pub mod problem;
pub mod operations;
pub mod server;
pub mod contract;
