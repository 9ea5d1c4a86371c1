//! Retention, holds and disposals of filings.

pub mod bodies;
pub mod retention;
pub mod inspection;
pub mod holds;
pub mod disposals;
