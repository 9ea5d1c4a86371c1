//! The verdict on a file, its reasons and its report.

pub mod indication;
pub(crate) mod reason;
pub mod report;
