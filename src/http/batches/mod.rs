//! The routes of batches, which are many filings posted together.

pub mod upload;
pub mod ndjson;
pub mod status;
pub mod events;
pub mod problems;
pub mod problem_workbook;
mod zip_format;
mod zip_parts;
pub mod zip;
