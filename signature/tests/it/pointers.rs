//! Files whose pointers to cross-references are imprecise: read if every reader finds the same section.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;

use crate::letter::LETTER;
use crate::report::{as_json, report_on};
use crate::signer::{FieldOptions, Prepared, VALIDATION_TIME, prepare, trust};

/// Signs the letter in a revision whose end is rewritten, given the offset of its cross-references.
fn signed_with_end(
    file: &[u8],
    field: &str,
    rewrite: impl FnOnce(&str, usize) -> String,
) -> Vec<u8> {
    let options = FieldOptions { field, ..FieldOptions::default() };
    let mut prepared: Prepared = prepare(file, &options, |_, _| {});
    let start = prepared.file.windows(5).rposition(|window| window == b"\nxref").unwrap();
    let end = String::from_utf8(prepared.file.split_off(start)).unwrap();
    prepared.file.extend_from_slice(rewrite(&end, start + 1).as_bytes());
    let byte_range = prepared.correct_byte_range();
    prepared.signed(byte_range)
}

type Rewrite = fn(&str, usize) -> String;

#[test]
fn imprecise_pointers_are_followed() {
    let cases: [(&str, Rewrite); 5] = [
        ("as the standard says", |end, _| end.to_owned()),
        ("the line break before", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at - 1))
        }),
        ("many line breaks before", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at - 1))
                .replace("\nxref", "\n\r\n \r\nxref")
        }),
        ("the number on the same line", |end, _| end.replace("startxref\n", "startxref ")),
        ("both", |end, at| {
            end.replace(&format!("startxref\n{at}"), &format!("startxref {}", at - 1))
        }),
    ];
    for (name, rewrite) in cases {
        let signed = signed_with_end(&LETTER, "Signature1", rewrite);
        let report = report_on(&signed);
        assert!(report.passed, "{name}: {:#}", as_json(&report));
        let again = signed_with_end(&signed, "Signature2", |end, _| {
            let previous = end.split("/Prev ").nth(1).unwrap().split('>').next().unwrap();
            let imprecise = signed.windows(5).rposition(|window| window == b"\nxref").unwrap();
            end.replace(&format!("/Prev {previous}"), &format!("/Prev {imprecise}"))
        });
        let report = report_on(&again);
        assert!(report.passed && report.signatures.len() == 2, "{name}: {:#}", as_json(&report));
    }
}

#[test]
fn pointers_that_readers_follow_differently_are_rejected() {
    let cases: [(&str, Rewrite); 5] = [
        ("too much white space", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at - 1))
                .replace("\nxref", &format!("{}\nxref", " ".repeat(17)))
        }),
        ("a comment", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at - 1))
                .replace("\nxref", "\n%x\nxref")
        }),
        ("the middle of a word", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at - 2))
        }),
        ("behind the word", |end, at| {
            end.replace(&format!("\n{at}\n"), &format!("\n{}\n", at + 4))
        }),
        ("no pointer", |end, at| end.replace(&format!("startxref\n{at}"), "startxref\n")),
    ];
    for (name, rewrite) in cases {
        let signed = signed_with_end(&LETTER, "Signature1", rewrite);
        let rejected = verify(&signed, None, &trust(), VALIDATION_TIME);
        assert_eq!(rejected.unwrap_err(), UnreadablePdf::CrossReferences, "{name}");
    }
}

/// A file identifier is optional, and some tools write none in any revision.
#[test]
fn files_without_an_identifier_are_read() {
    let at = LETTER.windows(3).rposition(|window| window == b"/ID").unwrap();
    let end = at + LETTER[at..].iter().position(|byte| *byte == b']').unwrap();
    let mut letter = LETTER.clone();
    letter[at..=end].fill(b' ');
    assert!(!lopdf::Document::load_mem(&letter).unwrap().trailer.has(b"ID"));
    let without = |file: &[u8], field: &str| {
        let options = FieldOptions { field, ..FieldOptions::default() };
        let prepared = prepare(file, &options, |revision, _| {
            revision.trailer.insert("ID", String::new());
        });
        let byte_range = prepared.correct_byte_range();
        prepared.signed(byte_range)
    };
    let twice = without(&without(&letter, "Signature1"), "Signature2");
    let report = verify(&twice, Some(&letter), &trust(), VALIDATION_TIME).unwrap();
    assert!(report.passed && report.signatures.len() == 2, "{:#}", as_json(&report));
}
