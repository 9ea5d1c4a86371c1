//! The log of the archive: acts get an entry in their transaction (`enter`), and by `steps` a number, a
//! place in the tree and a signed checkpoint.

pub mod error;
pub mod enter;
pub mod evidence;
pub mod head;
pub mod steps;
pub mod receipts;
pub mod verify;
pub mod files;
pub mod cosign;
pub mod keys;
