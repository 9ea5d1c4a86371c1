//! A Merkle log in the formats of C2SP: tiles, checkpoints, proofs and cosignatures. Does not access
//! files, the database or the clock.

pub mod tree;
pub mod note;
pub mod entry;
pub mod receipt;
pub mod witness;
