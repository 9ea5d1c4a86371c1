//! How a command ends.

/// How a command that could run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was asked.
    Done,
    /// Not every filing could be made, and the command has said why.
    Refused,
}
