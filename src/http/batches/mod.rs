//! The routes of batches: many filings posted at once.

pub mod upload;
pub mod ndjson;
pub mod status;
pub mod events;
pub mod zip;
