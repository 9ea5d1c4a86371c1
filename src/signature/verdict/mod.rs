//! The verdict on a file, its reasons and its report.

pub mod indication;
pub(crate) mod row;
pub(crate) mod chain_fault;
pub(crate) mod reason;
pub mod report;
