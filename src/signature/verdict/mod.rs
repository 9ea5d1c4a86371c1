//! The results: findings, the indication of each signature, and the report on a file.

pub mod indication;
pub(crate) mod row;
pub(crate) mod chain_error;
pub(crate) mod finding;
pub mod report;
