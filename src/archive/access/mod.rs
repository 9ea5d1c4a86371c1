//! Callers and their credentials: keys, sessions and secrets.

pub mod caller;
pub mod keys;
pub mod secret;
pub mod sessions;
