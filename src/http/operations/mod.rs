//! The routes for operators: health, readiness and metrics.

pub mod health;
pub mod readiness;
pub mod metrics;
pub mod memory;
pub mod exposition;
