//! Tests of the rules, one binary, which links no Typst.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;
mod numbers;
mod hostile_text;
mod score_changes;
mod validation;
