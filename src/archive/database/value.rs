//! The values that queries bind.

/// A bound value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// TEXT.
    Text(String),
    /// BIGINT.
    Number(i64),
}
