//! The audit trail: `act` writes entries, `trail` reads them.

pub mod act;
pub mod trail;
