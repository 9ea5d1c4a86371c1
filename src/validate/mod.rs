//! From what was posted to what the rules accept: a `Filing`, or every violation at once.

pub mod coverage;
pub mod filing;
pub mod violation;
