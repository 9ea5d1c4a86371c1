//! Integration tests, one binary.

mod fixture;
mod hostile_text;
mod numbers;
mod score_changes;
mod validation;
