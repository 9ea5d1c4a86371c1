//! Connections, compression and CORS.

mod connections;
pub mod serve;
pub mod compression;
pub mod cors;
