//! Signature containers, and the validation of one signature.

pub(crate) mod signed_data;
pub(crate) mod seal;
pub(crate) mod timestamp;
pub mod timestamp_request;
pub(crate) mod attributes;
pub(crate) mod signer;
pub mod validation;
pub mod container;
