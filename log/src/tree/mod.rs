//! The Merkle tree of RFC 6962: its hashes, its tiles and its proofs.

pub mod hash;
pub mod tile;
pub mod bundle;
pub mod edge;
pub mod proof;
