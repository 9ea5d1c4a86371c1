//! Connections, compression and CORS.

pub mod serve;
pub mod compression;
pub mod cors;
