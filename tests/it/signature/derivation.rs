//! How uploaded PDFs derive from ours: signed, changed after signing, rewritten, scanned.

use std::collections::BTreeSet;

use hongtou::signature::file::unreadable::Unreadable;
use hongtou::signature::verdict::report::Report;
use hongtou::signature::verify::verify;
use serde_json::{Value, json};

use crate::fixture;
use crate::signature::signer::{
    AT, LETTER, Revision, Wish, prepare, printed, sign, sign_as, trust,
};

/// The verdict on a file, beside the letter.
pub(crate) fn judged(file: &[u8]) -> Report {
    verify(file, Some(&LETTER), &trust(), AT).unwrap()
}

pub(crate) fn as_json(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

/// How it came from the letter.
pub(crate) fn kind(report: &Report) -> &'static str {
    report.derivation.as_ref().unwrap().kind.name()
}

/// The codes of the changes since the letter.
pub(crate) fn changes(report: &Report) -> BTreeSet<String> {
    let derivation = report.derivation.as_ref().unwrap();
    derivation.changes.iter().map(|change| change.code.clone()).collect()
}

/// The codes of the reasons given for the first signature.
pub(crate) fn reasons(report: &Report) -> Vec<String> {
    let reasons = &report.signatures[0].judgement.reasons;
    reasons.iter().map(|reason| reason.code.clone()).collect()
}

/// A file with a further revision.
pub(crate) fn further(file: &[u8], write: impl FnOnce(&mut Revision)) -> Vec<u8> {
    let mut revision = Revision::on(file);
    write(&mut revision);
    revision.written()
}

/// A file with validation data behind it.
fn with_store(file: &[u8]) -> Vec<u8> {
    further(file, |revision| {
        let certificate = revision.add("<</Length 4>>stream\n0000\nendstream");
        revision.set(revision.catalog(), "DSS", &format!("<</Certs[{certificate} 0 R]>>"));
    })
}

/// The letter, certified by its author: nothing more may come.
pub(crate) fn certified() -> Vec<u8> {
    let entries = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams\
        <</Type/TransformParams/P 1/V/1.2>>>>]";
    let prepared = prepare(&LETTER, &Wish { entries, ..Wish::default() }, |revision, signature| {
        revision.set(revision.catalog(), "Perms", &format!("<</DocMDP {signature} 0 R>>"));
    });
    let honest = prepared.honest();
    prepared.signed(honest)
}

/// A file, what each of its revisions adds, and whether it passes.
type Signed = (&'static str, Vec<u8>, &'static [&'static [&'static str]], bool);

#[test]
fn what_signing_adds_leaves_ours_as_it_was() {
    let second = Wish { field: "Signature2", ..Wish::default() };
    let visible = Wish { rect: "300 200 420 260", ..Wish::default() };
    let empty_field = further(&LETTER, |revision| {
        let field =
            revision.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(Wait)/F 132/Rect[0 0 0 0]>>");
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let dated = |file: &[u8]| {
        further(file, |revision| {
            let info = revision.before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
            revision.set(info, "ModDate", "(D:20260301000000Z)");
            revision.set(info, "Producer", "(A tool)");
        })
    };
    let cases: [Signed; 9] = [
        ("ours", LETTER.clone(), &[&[]], true),
        ("signed", sign(&LETTER), &[&[], &["signature"]], true),
        ("visible", sign_as(&LETTER, &visible), &[&[], &["signature"]], true),
        (
            "signed twice",
            sign_as(&sign(&LETTER), &second),
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
            "more of them",
            with_store(&with_store(&sign(&LETTER))),
            &[&[], &["signature"], &["validation_data"], &["validation_data"]],
            true,
        ),
        ("a field to sign in", empty_field, &[&[], &["signature_field"]], false),
        ("dates", dated(&sign(&LETTER)), &[&[], &["signature"], &["metadata"]], true),
        ("certified", with_store(&certified()), &[&[], &["signature"], &["validation_data"]], true),
    ];
    for (name, file, additions, passed) in cases {
        let report = judged(&file);
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
fn a_field_that_waited_is_signed_later() {
    let waiting = further(&LETTER, |revision| {
        let field =
            revision.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(Wait)/F 132/Rect[0 0 0 0]>>");
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let signed = further(&waiting, |revision| {
        let field = revision.before.max_id;
        let signature = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        revision.set(field, "V", &format!("{signature} 0 R"));
    });
    let report = judged(&signed);
    assert_eq!(kind(&report), "identical_signed", "{:#}", as_json(&report));
    assert_eq!(report.signatures[0].field.as_deref(), Some("Wait"));
    let filled = further(&signed, |revision| {
        let field = revision.before.max_id - 1;
        let other = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        revision.set(field, "V", &format!("{other} 0 R"));
    });
    let report = judged(&filled);
    assert_eq!((kind(&report), changes(&report)), ("altered", ["signature_changed".into()].into()));
}

#[test]
fn a_file_saved_anew_is_told_from_ours_and_from_another() {
    let read = |name: &str| std::fs::read(fixture::folder("handed-in").join(name)).unwrap();
    let cases: [(&str, Vec<u8>, &str, &[&str]); 7] = [
        ("qpdf", read("letter-qpdf.pdf"), "rewritten", &[]),
        ("qpdf, for the web", read("letter-linear.pdf"), "rewritten", &[]),
        ("pikepdf", read("letter-pikepdf.pdf"), "rewritten", &[]),
        ("with a stamp", read("letter-stamped.pdf"), "rewritten", &["text_added"]),
        ("another digit", read("letter-changed.pdf"), "unrelated", &[]),
        ("a scan", read("scan.pdf"), "scan", &[]),
        ("another filing", printed("order-2023-12"), "unrelated", &[]),
    ];
    for (name, file, expected, codes) in cases {
        let report = judged(&file);
        assert_eq!(kind(&report), expected, "{name}");
        assert!(changes(&report).iter().eq(codes), "{name}: {:?}", changes(&report));
        assert!(!report.passed, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let read = |name: &str| std::fs::read(fixture::folder("handed-in").join(name)).unwrap();
    let cases = [
        (b"".to_vec(), Unreadable::NotPdf),
        (b"%PDF-1.7".to_vec(), Unreadable::CrossReferences),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF".to_vec(), Unreadable::CrossReferences),
        (read("encrypted.pdf"), Unreadable::Encrypted),
        (read("bomb.pdf"), Unreadable::TooComplex),
        (LETTER[..LETTER.len() / 2].to_vec(), Unreadable::CrossReferences),
    ];
    for (file, expected) in cases {
        assert_eq!(verify(&file, None, &trust(), AT).unwrap_err(), expected);
    }
}
