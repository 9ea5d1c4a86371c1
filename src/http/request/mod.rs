//! What every handler takes from a request: bodies, ids, keys and conditions.

pub mod accept;
pub mod bodies;
pub mod extract;
pub mod idempotency;
pub mod conditions;
pub mod request_id;
