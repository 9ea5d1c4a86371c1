//! What only administrators may do: keys of callers and sessions of staff.

pub mod keys;
pub mod sessions;
