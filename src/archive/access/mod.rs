//! Callers and their credentials: keys, sessions, secrets.

pub mod caller;
pub mod keys;
pub mod secret;
pub mod sessions;
