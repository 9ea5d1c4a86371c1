//! Limits: permits, and what one caller can take from all others.

pub(crate) mod permits;
pub(crate) mod bounds;
