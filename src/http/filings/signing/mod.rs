//! `/v1/filings/{id}/signing`: prepares a filing for the signature of another system, and inserts it.

pub mod bodies;
pub mod prepare;
pub mod document;
pub mod complete;
