//! The audit trail: one module writes it, the other reads it.

pub mod act;
pub mod trail;
