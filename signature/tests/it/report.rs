//! Reports on changed letters, and what a test compares of them.

use std::collections::BTreeSet;

use hongtou_signature::verdict::report::Report;
use hongtou_signature::verify::verify;
use serde_json::Value;

use crate::letter::LETTER;
use crate::signer::{FieldOptions, Revision, VALIDATION_TIME, prepare, trust};

/// The report on a file, with the letter as the original.
pub(crate) fn report_on(file: &[u8]) -> Report {
    verify(file, Some(&LETTER), &trust(), VALIDATION_TIME).unwrap()
}

pub(crate) fn as_json(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

/// The kind of derivation from the letter.
pub(crate) fn kind(report: &Report) -> &'static str {
    report.derivation.as_ref().unwrap().kind.name()
}

/// The codes of the changes since the letter.
pub(crate) fn changes(report: &Report) -> BTreeSet<String> {
    let derivation = report.derivation.as_ref().unwrap();
    derivation.changes.iter().map(|change| change.code.clone()).collect()
}

/// The codes of the reasons for the first signature.
pub(crate) fn reasons(report: &Report) -> Vec<String> {
    let reasons = &report.signatures[0].validation.reasons;
    reasons.iter().map(|reason| reason.code.clone()).collect()
}

/// A file with another revision.
pub(crate) fn with_revision(file: &[u8], write: impl FnOnce(&mut Revision)) -> Vec<u8> {
    let mut revision = Revision::on(file);
    write(&mut revision);
    revision.written()
}

/// A file with another revision that adds validation data.
pub(crate) fn with_store(file: &[u8]) -> Vec<u8> {
    with_revision(file, |revision| {
        let certificate = revision.add("<</Length 4>>stream\n0000\nendstream");
        revision.set(revision.catalog(), "DSS", &format!("<</Certs[{certificate} 0 R]>>"));
    })
}

/// The letter with a certification signature that forbids all changes.
pub(crate) fn certified() -> Vec<u8> {
    let entries = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams\
        <</Type/TransformParams/P 1/V/1.2>>>>]";
    let prepared = prepare(
        &LETTER,
        &FieldOptions { entries, ..FieldOptions::default() },
        |revision, signature| {
            revision.set(revision.catalog(), "Perms", &format!("<</DocMDP {signature} 0 R>>"));
        },
    );
    let byte_range = prepared.correct_byte_range();
    prepared.signed(byte_range)
}
