//! Reads a request body into a `Posted`, or says what is unreadable.

use crate::submission::Submission;

/// A submission and the very JSON it came from.
#[derive(Debug, Clone)]
pub struct Posted {
    /// What the client wrote.
    pub submission: Submission,
    /// The same in canonical form (RFC 8785), as a filing carries it.
    pub source: Vec<u8>,
}
