//! DER, algorithms and public keys.

pub(crate) mod algorithm;
pub(crate) mod ber;
pub(crate) mod der;
mod ecdsa;
mod rsa;
pub(crate) mod public_key;
