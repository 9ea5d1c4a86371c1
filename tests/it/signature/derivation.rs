//! Tests the derivation of submitted PDFs that are no longer the rendered file: rewritten, scanned.

use std::collections::BTreeSet;

use hongtou::signature::verify::verify;

use crate::fixture;
use crate::signature::letter::{LETTER, printed};
use crate::signature::signer::{VALIDATION_TIME, trust};

#[test]
fn rewritten_scanned_and_unrelated_files_are_distinguished() {
    let read = |name: &str| std::fs::read(fixture::folder("handed-in").join(name)).unwrap();
    let cases: [(&str, Vec<u8>, &str, &[&str]); 7] = [
        ("qpdf", read("letter-qpdf.pdf"), "rewritten", &[]),
        ("qpdf, linearized", read("letter-linear.pdf"), "rewritten", &[]),
        ("pikepdf", read("letter-pikepdf.pdf"), "rewritten", &[]),
        ("with a stamp", read("letter-stamped.pdf"), "rewritten", &["text_added"]),
        ("another digit", read("letter-changed.pdf"), "unrelated", &[]),
        ("a scan", read("scan.pdf"), "scan", &[]),
        ("another filing", printed("order-2023-12"), "unrelated", &[]),
    ];
    for (name, file, expected, codes) in cases {
        let report = verify(&file, Some(&LETTER), &trust(), VALIDATION_TIME).unwrap();
        let derivation = report.derivation.as_ref().unwrap();
        assert_eq!(derivation.kind.name(), expected, "{name}");
        let changes: BTreeSet<&str> =
            derivation.changes.iter().map(|change| &*change.code).collect();
        assert!(changes.iter().eq(codes), "{name}: {changes:?}");
        assert!(!report.passed, "{name}");
    }
}
