//! Tests of signed PDFs, one binary, which links no Typst.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod evasions;
mod letter;
mod signer;
mod report;
mod additions;
mod attacks;
mod locks;
mod tools;
mod pointers;
mod encrypted;
mod byte_ranges;
mod hostile_pdf;
mod containers;
mod signing;
mod mutations;
