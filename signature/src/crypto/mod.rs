//! DER, algorithms and public keys.

pub(crate) mod algorithm;
pub(crate) mod ber;
pub(crate) mod der;
pub(crate) mod ecdsa;
mod rsa;
pub(crate) mod public_key;
