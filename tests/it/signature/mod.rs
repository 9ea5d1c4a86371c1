//! Tests of signed PDFs: their derivation and the validation of their signatures.

pub(crate) mod signer;
pub(crate) mod derivation;
pub(crate) mod attacks;
pub(crate) mod byte_ranges;
pub(crate) mod hostile_pdf;
pub(crate) mod cases;
pub(crate) mod validation;
pub(crate) mod verify_command;
