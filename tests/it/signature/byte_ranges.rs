//! Tests that a signature must cover its whole revision except its own `/Contents`, and be reachable.

use hongtou::signature::verify::verify;
use hongtou::signature::x509::trust::Trust;
use lopdf::{Object, Writer};
use serde_json::json;

use crate::signature::derivation::{as_json, kind, reasons, report_on};
use crate::signature::signer::{
    FieldOptions, LETTER, Prepared, VALIDATION_TIME, prepare, sign, sign_with,
};

/// A name, a wrong `/ByteRange` made from the numbers of the correct one, and the expected code.
type WrongRange = (&'static str, fn([usize; 4]) -> String, &'static str);

const WRONG_RANGES: [WrongRange; 11] = [
    ("three numbers", |[_, b, c, _]| format!("[0 {b} {c}"), "byte_range_malformed"),
    ("five numbers", |[_, b, c, d]| format!("[0 {b} {c} {d} 0"), "byte_range_malformed"),
    ("a negative number", |[_, b, c, d]| format!("[-1 {b} {c} {d}"), "byte_range_malformed"),
    ("a name", |[_, b, c, _]| format!("[0 {b} {c} /D"), "byte_range_malformed"),
    ("not from the start", |[_, b, c, d]| format!("[9 {b} {c} {d}"), "byte_range_not_from_start"),
    (
        "a gap before the signature",
        |[_, b, c, d]| format!("[0 {} {c} {d}", b - 9),
        "byte_range_gap",
    ),
    (
        "a gap after the signature",
        |[_, b, c, d]| format!("[0 {b} {} {}", c + 9, d - 9),
        "byte_range_gap",
    ),
    (
        "a gap inside the signature",
        |[_, b, c, d]| format!("[0 {} {c} {d}", b + 9),
        "byte_range_gap",
    ),
    ("overlapping", |[_, b, _, d]| format!("[0 {b} 0 {d}"), "byte_range_out_of_bounds"),
    ("beyond the end", |[_, b, c, d]| format!("[0 {b} {c} {}", d + 1), "byte_range_out_of_bounds"),
    ("not to the end", |[_, b, c, d]| format!("[0 {b} {c} {}", d - 9), "byte_range_not_to_end"),
];

#[test]
fn wrong_byte_ranges_fail() {
    for (name, wrong_range, expected) in WRONG_RANGES {
        let prepared = prepare(&LETTER, &FieldOptions::default(), |_, _| {});
        let byte_range = prepared.correct_byte_range();
        let [_, first_length, second_start, second_length] = byte_range;
        let file = prepared.signed_with(
            &wrong_range(byte_range),
            &[0..first_length, second_start..second_start + second_length],
        );
        let report = report_on(&file);
        assert_eq!(reasons(&report), [expected], "{name}");
        let signature = as_json(&report)["signatures"][0].clone();
        assert_eq!(signature["judgement"]["sub_indication"], json!("FORMAT_FAILURE"), "{name}");
        assert_eq!(signature["coverage"], json!("unclear"), "{name}");
        assert!(!report.passed);
    }
}

#[test]
fn ambiguous_and_unreachable_signatures_fail() {
    let duplicate = FieldOptions { entries: "/ByteRange [0 1 2 3]", ..FieldOptions::default() };
    let shared = prepare(&LETTER, &FieldOptions::default(), |revision, signature| {
        let other = revision.add(format!("<</FT/Sig/T(other)/V {signature} 0 R>>"));
        let field = other - 1;
        let fields = format!("<</SigFlags 3/Fields[{field} 0 R {other} 0 R]>>");
        let catalog = revision.catalog();
        let mut entries = revision.dictionary(catalog);
        entries.remove(b"AcroForm");
        let mut text = Vec::new();
        Writer::write_object(&mut text, &Object::Dictionary(entries)).unwrap();
        revision.write(catalog, text);
        revision.set(catalog, "AcroForm", &fields);
    });
    let hidden = prepare(&LETTER, &FieldOptions::default(), |revision, _| {
        let catalog = revision.catalog();
        let mut text = Vec::new();
        let entries = Object::Dictionary(revision.dictionary(catalog));
        Writer::write_object(&mut text, &entries).unwrap();
        revision.write(catalog, text);
    });
    let signed = |prepared: Prepared| {
        let byte_range = prepared.correct_byte_range();
        prepared.signed(byte_range)
    };
    let literal = prepare(&LETTER, &FieldOptions::default(), |_, _| {});
    let contents = literal.contents.clone();
    let mut literal = signed(literal);
    literal[contents.start] = b'(';
    literal[contents.end - 1] = b')';
    let cases = [
        ("two byte ranges", sign_with(&LETTER, &duplicate), "signature_entry_duplicated"),
        ("two fields", signed(shared), "signature_shared"),
        ("no field", signed(hidden), "signature_unreachable"),
        ("a literal string", literal, "contents_malformed"),
    ];
    for (name, file, expected) in cases {
        let report = report_on(&file);
        assert!(reasons(&report).contains(&expected.to_owned()), "{name}: {:#}", as_json(&report));
        assert!(!report.passed, "{name}");
    }
}

#[test]
fn untrusted_signers_and_changed_bytes_do_not_pass() {
    let signed = sign(&LETTER);
    let untrusted = verify(&signed, Some(&LETTER), &Trust::default(), VALIDATION_TIME).unwrap();
    let result = as_json(&untrusted)["signatures"][0]["judgement"].clone();
    assert_eq!(result["indication"], json!("INDETERMINATE"));
    assert_eq!(result["sub_indication"], json!("NO_CERTIFICATE_CHAIN_FOUND"));
    assert!(!untrusted.passed && kind(&untrusted) == "identical_signed");
    let mut forged = signed;
    let at = LETTER.len() + forged[LETTER.len()..].iter().position(|b| *b == b'F').unwrap();
    // Changes a digit in `/F 132` of the field, which keeps the file readable.
    let offset = forged[at..].windows(6).position(|window| window == b"/F 132").unwrap() + at;
    forged[offset + 5] = b'0';
    let report = report_on(&forged);
    let result = as_json(&report)["signatures"][0]["judgement"].clone();
    assert_eq!(result["sub_indication"], json!("HASH_FAILURE"), "{result:#}");
}
