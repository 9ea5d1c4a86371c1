//! The prepared file: an exact prefix, one revision, and an empty signature that covers the rest.

use std::fs;

use hongtou_rules::document::moment::Moment;
use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::signing::preparation::{Encoding, Preparation};
use hongtou_signature::signing::prepared::{PreparedPdf, TooLong};
use hongtou_signature::verify::verify;
use lopdf::{Document, Object};
use sha2::{Digest, Sha256};

use crate::letter::{LETTER, folder};
use crate::report::report_on;
use crate::signer::{VALIDATION_TIME, sign, trust};

pub(super) fn preparation(encoding: Encoding) -> Preparation {
    Preparation::new(encoding, encoding.usual_space(), VALIDATION_TIME).unwrap()
}

pub(super) fn prepared(encoding: Encoding) -> PreparedPdf {
    PreparedPdf::new(&LETTER, preparation(encoding)).unwrap()
}

#[test]
fn the_original_is_an_exact_prefix_and_the_rest_is_covered() {
    for encoding in [Encoding::Cms, Encoding::Seal] {
        let prepared = prepared(encoding);
        let bytes = prepared.bytes();
        assert!(bytes.starts_with(&LETTER));
        let [start, first, second, length] = prepared.byte_range();
        assert_eq!((start, second + length), (0, bytes.len()));
        let space = encoding.usual_space();
        assert_eq!(bytes[first..second], *format!("<{}>", "00".repeat(space)).as_bytes());
        let covered = [&bytes[..first], &bytes[second..]].concat();
        assert_eq!(prepared.sha256(), Sha256::digest(covered).to_vec());
        assert_eq!(PreparedPdf::new(&LETTER, preparation(encoding)).unwrap().bytes(), bytes);

        let document = Document::load_mem(bytes).unwrap();
        let size = document.trailer.get(b"Size").unwrap().as_i64().unwrap();
        assert_eq!(size, i64::from(document.max_id) + 1);
        assert_eq!(id_of(bytes), id_of(&LETTER));
    }
}

fn id_of(file: &[u8]) -> Object {
    Document::load_mem(file).unwrap().trailer.get(b"ID").unwrap().clone()
}

#[test]
fn another_time_or_space_gives_another_digest() {
    let earlier = Preparation::new(Encoding::Cms, 16_384, Moment(VALIDATION_TIME.0 - 1000));
    let wider = Preparation::new(Encoding::Cms, 16_385, VALIDATION_TIME);
    let usual = prepared(Encoding::Cms).sha256();
    for other in [earlier, wider] {
        assert_ne!(PreparedPdf::new(&LETTER, other.unwrap()).unwrap().sha256(), usual);
    }
}

#[test]
fn an_empty_signature_does_not_pass() {
    let report = report_on(prepared(Encoding::Cms).bytes());
    assert!(!report.passed && report.signatures.len() == 1);
    assert!(report.revisions[1].changes.is_empty());
}

#[test]
fn a_signature_must_fit_its_space() {
    let space = Encoding::Cms.usual_space();
    let longest = prepared(Encoding::Cms).signed(&vec![0xab; space]).unwrap();
    assert_eq!(longest.len(), prepared(Encoding::Cms).bytes().len());
    let too_long = prepared(Encoding::Cms).signed(&vec![0xab; space + 1]);
    assert_eq!(too_long, Err(TooLong { length: space + 1 }));
}

#[test]
fn a_signed_file_gets_a_further_field() {
    let signed = sign(&LETTER);
    let prepared = PreparedPdf::new(&signed, preparation(Encoding::Cms)).unwrap();
    let report = verify(prepared.bytes(), Some(&LETTER), &trust(), VALIDATION_TIME).unwrap();
    let fields: Vec<_> = report.signatures.iter().map(|one| one.field.as_deref()).collect();
    assert_eq!(fields, [Some("Signature1"), Some("Signature2")]);
    assert!(report.signatures[0].later_changes.is_empty());
}

#[test]
fn other_files_are_rejected() {
    let with_stream = fs::read(folder().join("letter-qpdf.pdf")).unwrap();
    let cases: [(&[u8], UnreadablePdf); 4] = [
        (b"<html>", UnreadablePdf::NotPdf),
        (b"%PDF-1.7 x", UnreadablePdf::CrossReferences),
        (&with_stream, UnreadablePdf::CrossReferences),
        (&[LETTER.as_slice(), b"more"].concat(), UnreadablePdf::CrossReferences),
    ];
    for (file, reason) in cases {
        let refused = PreparedPdf::new(file, preparation(Encoding::Cms)).unwrap_err();
        assert_eq!(refused, reason);
    }
}
