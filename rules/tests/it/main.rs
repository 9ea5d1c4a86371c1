//! Tests of the rules, one binary, which links no Typst.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;
mod fixes;
mod figures;
mod own_scores;
mod numbers;
mod hostile_text;
mod input_limits;
mod input_reference;
mod source_docs;
mod score_changes;
mod validation;
