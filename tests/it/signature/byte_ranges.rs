//! What a signature covers: all but itself, to the end of its revision, where readers look for it.

use hongtou::signature::verify::verify;
use hongtou::signature::x509::trust::Trust;
use lopdf::{Object, Writer};
use serde_json::json;

use crate::signature::derivation::{as_json, judged, kind, reasons};
use crate::signature::signer::{AT, LETTER, Prepared, Wish, prepare, sign, sign_as};

/// How a signature lies, by the numbers of an honest `/ByteRange`, and what is wrong with it.
type Lie = (&'static str, fn([usize; 4]) -> String, &'static str);

const LIES: [Lie; 11] = [
    ("three numbers", |[_, b, c, _]| format!("[0 {b} {c}"), "byte_range_malformed"),
    ("five numbers", |[_, b, c, d]| format!("[0 {b} {c} {d} 0"), "byte_range_malformed"),
    ("a negative number", |[_, b, c, d]| format!("[-1 {b} {c} {d}"), "byte_range_malformed"),
    ("a name", |[_, b, c, _]| format!("[0 {b} {c} /D"), "byte_range_malformed"),
    ("not from the start", |[_, b, c, d]| format!("[9 {b} {c} {d}"), "byte_range_not_from_start"),
    ("room before", |[_, b, c, d]| format!("[0 {} {c} {d}", b - 9), "byte_range_gap"),
    ("room behind", |[_, b, c, d]| format!("[0 {b} {} {}", c + 9, d - 9), "byte_range_gap"),
    ("less than the signature", |[_, b, c, d]| format!("[0 {} {c} {d}", b + 9), "byte_range_gap"),
    ("overlapping", |[_, b, _, d]| format!("[0 {b} 0 {d}"), "byte_range_out_of_bounds"),
    ("beyond the end", |[_, b, c, d]| format!("[0 {b} {c} {}", d + 1), "byte_range_out_of_bounds"),
    ("not to the end", |[_, b, c, d]| format!("[0 {b} {c} {}", d - 9), "byte_range_not_to_end"),
];

#[test]
fn a_signature_covers_all_but_itself_or_fails() {
    for (name, lie, expected) in LIES {
        let prepared = prepare(&LETTER, &Wish::default(), |_, _| {});
        let honest = prepared.honest();
        let [_, before, to, behind] = honest;
        let file = prepared.signed_as(&lie(honest), &[0..before, to..to + behind]);
        let report = judged(&file);
        assert_eq!(reasons(&report), [expected], "{name}");
        let signature = as_json(&report)["signatures"][0].clone();
        assert_eq!(signature["judgement"]["sub_indication"], json!("FORMAT_FAILURE"), "{name}");
        assert_eq!(signature["coverage"], json!("unclear"), "{name}");
        assert!(!report.passed);
    }
}

#[test]
fn a_signature_stands_once_where_readers_look() {
    let twice = Wish { entries: "/ByteRange [0 1 2 3]", ..Wish::default() };
    let shared = prepare(&LETTER, &Wish::default(), |revision, signature| {
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
    let hidden = prepare(&LETTER, &Wish::default(), |revision, _| {
        let catalog = revision.catalog();
        let mut text = Vec::new();
        let entries = Object::Dictionary(revision.dictionary(catalog));
        Writer::write_object(&mut text, &entries).unwrap();
        revision.write(catalog, text);
    });
    let signed = |prepared: Prepared| {
        let honest = prepared.honest();
        prepared.signed(honest)
    };
    let literal = prepare(&LETTER, &Wish::default(), |_, _| {});
    let contents = literal.contents.clone();
    let mut literal = signed(literal);
    literal[contents.start] = b'(';
    literal[contents.end - 1] = b')';
    let cases = [
        ("two ranges", sign_as(&LETTER, &twice), "signature_entry_duplicated"),
        ("two fields", signed(shared), "signature_shared"),
        ("no field", signed(hidden), "signature_unreachable"),
        ("a literal string", literal, "contents_malformed"),
    ];
    for (name, file, expected) in cases {
        let report = judged(&file);
        assert!(reasons(&report).contains(&expected.to_owned()), "{name}: {:#}", as_json(&report));
        assert!(!report.passed, "{name}");
    }
}

#[test]
fn a_signature_by_nobody_known_and_one_over_other_bytes_do_not_pass() {
    let signed = sign(&LETTER);
    let stranger = verify(&signed, Some(&LETTER), &Trust::default(), AT).unwrap();
    let judgement = as_json(&stranger)["signatures"][0]["judgement"].clone();
    assert_eq!(judgement["indication"], json!("INDETERMINATE"));
    assert_eq!(judgement["sub_indication"], json!("NO_CERTIFICATE_CHAIN_FOUND"));
    assert!(!stranger.passed && kind(&stranger) == "identical_signed");
    let mut forged = signed;
    let at = LETTER.len() + forged[LETTER.len()..].iter().position(|b| *b == b'F').unwrap();
    // `/F 132` of the field, or another byte that no cross-reference depends on.
    let place = forged[at..].windows(6).position(|window| window == b"/F 132").unwrap() + at;
    forged[place + 5] = b'0';
    let report = judged(&forged);
    let judgement = as_json(&report)["signatures"][0]["judgement"].clone();
    assert_eq!(judgement["sub_indication"], json!("HASH_FAILURE"), "{judgement:#}");
}
