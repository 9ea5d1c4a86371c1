//! Signed PDFs: how they came from ours, and what their signatures are worth.

pub(crate) mod signer;
pub(crate) mod derivation;
pub(crate) mod attacks;
pub(crate) mod byte_ranges;
pub(crate) mod hostile_pdf;
pub(crate) mod signed;
pub(crate) mod judging;
pub(crate) mod verify_command;
