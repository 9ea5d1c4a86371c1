//! Tests the additions that signing makes, and files that are rejected as unreadable.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;
use serde_json::{Value, json};

use crate::letter::{LETTER, folder};
use crate::report::{as_json, certified, changes, kind, report_on, with_revision, with_store};
use crate::signer::{FieldOptions, VALIDATION_TIME, sign, sign_with, trust};

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
        let expected = match name {
            "original" => "identical",
            "an empty field" => "identical_unsigned",
            _ => "identical_signed",
        };
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
fn unreadable_files_are_rejected_with_a_reason() {
    let read = |name: &str| std::fs::read(folder().join(name)).unwrap();
    let cases = [
        (b"".to_vec(), UnreadablePdf::NotPdf),
        (b"%PDF-1.7".to_vec(), UnreadablePdf::CrossReferences),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF".to_vec(), UnreadablePdf::CrossReferences),
        (read("encrypted/password.pdf"), UnreadablePdf::Encrypted),
        (read("bomb.pdf"), UnreadablePdf::TooComplex),
        (LETTER[..LETTER.len() / 2].to_vec(), UnreadablePdf::CrossReferences),
    ];
    for (file, expected) in cases {
        assert_eq!(verify(&file, None, &trust(), VALIDATION_TIME).unwrap_err(), expected);
    }
}
