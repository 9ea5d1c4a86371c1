//! Reads requests: bodies, ids, idempotency keys, conditions and content negotiation.

pub mod negotiation;
pub mod bodies;
pub mod extract;
pub mod file_head;
pub mod idempotency;
pub mod conditions;
pub mod request_id;
pub mod target;
