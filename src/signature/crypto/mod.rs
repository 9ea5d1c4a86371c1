//! DER, algorithms and public keys.

pub(crate) mod algorithm;
pub(crate) mod der;
pub(crate) mod public_key;
