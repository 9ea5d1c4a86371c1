//! Tests the derivation of submitted PDFs: signed, changed after signing, rewritten, scanned.

use std::collections::BTreeSet;

use hongtou::signature::file::unreadable_pdf::UnreadablePdf;
use hongtou::signature::verdict::report::Report;
use hongtou::signature::verify::verify;
use serde_json::{Value, json};

use crate::fixture;
use crate::signature::signer::{
    FieldOptions, LETTER, Revision, VALIDATION_TIME, prepare, printed, sign, sign_with, trust,
};

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
fn with_store(file: &[u8]) -> Vec<u8> {
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

/// A name, a file, the additions of each of its revisions, and whether it passes.
type SignedCase = (&'static str, Vec<u8>, &'static [&'static [&'static str]], bool);

#[test]
fn additions_of_signing_keep_the_original_intact() {
    let second = FieldOptions { field: "Signature2", ..FieldOptions::default() };
    let visible = FieldOptions { rect: "300 200 420 260", ..FieldOptions::default() };
    let empty_field = with_revision(&LETTER, |revision| {
        let field =
            revision.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/F 132/Rect[0 0 0 0]>>");
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let dated = |file: &[u8]| {
        with_revision(file, |revision| {
            let info = revision.before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
            revision.set(info, "ModDate", "(D:20260301000000Z)");
            revision.set(info, "Producer", "(A tool)");
        })
    };
    let cases: [SignedCase; 9] = [
        ("original", LETTER.clone(), &[&[]], true),
        ("signed", sign(&LETTER), &[&[], &["signature"]], true),
        ("visible", sign_with(&LETTER, &visible), &[&[], &["signature"]], true),
        (
            "signed twice",
            sign_with(&sign(&LETTER), &second),
            &[&[], &["signature"], &["signature"]],
            true,
        ),
        (
            "validation data",
            with_store(&sign(&LETTER)),
            &[&[], &["signature"], &["validation_data"]],
            true,
        ),
        (
            "more validation data",
            with_store(&with_store(&sign(&LETTER))),
            &[&[], &["signature"], &["validation_data"], &["validation_data"]],
            true,
        ),
        ("an empty field", empty_field, &[&[], &["signature_field"]], false),
        ("dates and producer", dated(&sign(&LETTER)), &[&[], &["signature"], &["metadata"]], true),
        ("certified", with_store(&certified()), &[&[], &["signature"], &["validation_data"]], true),
    ];
    for (name, file, additions, passed) in cases {
        let report = report_on(&file);
        let expected = if file == *LETTER { "identical" } else { "identical_signed" };
        assert_eq!(kind(&report), expected, "{name}: {:#}", as_json(&report));
        let revisions = as_json(&report)["revisions"].clone();
        let found: Vec<Value> =
            revisions.as_array().unwrap().iter().map(|one| one["additions"].clone()).collect();
        assert_eq!(json!(found), json!(additions), "{name}");
        assert_eq!(report.passed, passed, "{name}: {:#}", as_json(&report));
    }
}

#[test]
fn an_empty_field_may_be_signed_once() {
    let unsigned = with_revision(&LETTER, |revision| {
        let field =
            revision.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/F 132/Rect[0 0 0 0]>>");
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let signed = with_revision(&unsigned, |revision| {
        let field = revision.before.max_id;
        let signature = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        revision.set(field, "V", &format!("{signature} 0 R"));
    });
    let report = report_on(&signed);
    assert_eq!(kind(&report), "identical_signed", "{:#}", as_json(&report));
    assert_eq!(report.signatures[0].field.as_deref(), Some("Empty"));
    let filled = with_revision(&signed, |revision| {
        let field = revision.before.max_id - 1;
        let other = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        revision.set(field, "V", &format!("{other} 0 R"));
    });
    let report = report_on(&filled);
    assert_eq!((kind(&report), changes(&report)), ("altered", ["signature_changed".into()].into()));
}

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
        let report = report_on(&file);
        assert_eq!(kind(&report), expected, "{name}");
        assert!(changes(&report).iter().eq(codes), "{name}: {:?}", changes(&report));
        assert!(!report.passed, "{name}");
    }
}

#[test]
fn unreadable_files_are_rejected_with_a_reason() {
    let read = |name: &str| std::fs::read(fixture::folder("handed-in").join(name)).unwrap();
    let cases = [
        (b"".to_vec(), UnreadablePdf::NotPdf),
        (b"%PDF-1.7".to_vec(), UnreadablePdf::CrossReferences),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF".to_vec(), UnreadablePdf::CrossReferences),
        (read("encrypted.pdf"), UnreadablePdf::Encrypted),
        (read("bomb.pdf"), UnreadablePdf::TooComplex),
        (LETTER[..LETTER.len() / 2].to_vec(), UnreadablePdf::CrossReferences),
    ];
    for (file, expected) in cases {
        assert_eq!(verify(&file, None, &trust(), VALIDATION_TIME).unwrap_err(), expected);
    }
}
