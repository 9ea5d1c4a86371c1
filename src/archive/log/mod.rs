//! The log of the archive: acts get an entry in their transaction (`enter`), later a number
//! (`sequence`), a place in the tree (`integrate`) and a signed checkpoint (`publish`).

pub mod error;
pub mod enter;
pub mod evidence;
pub mod head;
pub mod keeper;
mod sequence;
mod integrate;
mod publish;
pub mod recover;
pub mod receipts;
pub mod verify;
pub mod files;
pub mod cosign;
