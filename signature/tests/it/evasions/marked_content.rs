//! Tagged PDFs with long lists of marked content: they are read shortened, and compared as if they were not.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;

use crate::hostile_pdf::with_objects;
use crate::signer::{FieldOptions, Revision, VALIDATION_TIME, prepare, trust};

/// The number of the first object of `elements`.
const FIRST: u32 = 4;

fn element(marks: impl Iterator<Item = usize>) -> String {
    let marks: String =
        marks.map(|number| format!("<</Type/MCR/MCID {number}/Pg 3 0 R>>")).collect();
    format!("<</Type/StructElem/S/P/K[{marks}]/Pg 3 0 R>>")
}

/// As many paragraphs as a filing has, each with letters that change the font.
fn elements() -> Vec<Vec<u8>> {
    let element = format!("{}\nendobj\n", element(0..9_000));
    vec![element.into_bytes(); 31]
}

fn without_info(revision: &mut Revision) {
    revision.trailer.extend([("Info", String::new()), ("ID", String::new())]);
}

#[test]
fn a_signed_filing_with_a_mark_for_each_letter_passes() {
    let file = with_objects(&elements());
    let prepared = prepare(&file, &FieldOptions::default(), |revision, _| without_info(revision));
    let byte_range = prepared.correct_byte_range();
    let signed = prepared.signed(byte_range);
    let report = verify(&signed, Some(&file), &trust(), VALIDATION_TIME).unwrap();
    assert!(report.passed, "{report:?}");
}

#[test]
fn a_changed_mark_is_found() {
    let file = with_objects(&elements());
    let changes = |marks: Vec<usize>| {
        let mut revision = Revision::on(&file);
        without_info(&mut revision);
        revision.write(FIRST + 2, element(marks.into_iter()));
        let report = verify(&revision.written(), Some(&file), &trust(), VALIDATION_TIME).unwrap();
        let changes = report.revisions[1].changes.iter();
        changes.map(|change| (change.code.clone(), change.object.clone())).collect::<Vec<_>>()
    };
    assert_eq!(changes((0..9_000).collect()), []);
    let mut swapped: Vec<usize> = (0..9_000).collect();
    swapped.swap(4_000, 4_001);
    let without_last: Vec<usize> = (0..8_999).collect();
    for marks in [swapped, without_last, (1..9_001).collect()] {
        let expected = ("object_changed".to_owned(), Some(format!("{} 0", FIRST + 2)));
        assert_eq!(changes(marks), [expected]);
    }
}

/// The lists in object streams are not shortened.
#[test]
fn such_a_file_with_an_object_stream_is_rejected() {
    let content = "99 0 7";
    let head = format!("<</Type/ObjStm/N 1/First 5/Length {}>>stream\n", content.len());
    let stream = format!("{head}{content}\nendstream endobj\n").into_bytes();
    let file = with_objects(&[elements(), vec![stream]].concat());
    let rejected = verify(&file, None, &trust(), VALIDATION_TIME);
    assert_eq!(rejected.unwrap_err(), UnreadablePdf::TooComplex);
}

/// An object is read before it is shortened.
#[test]
fn a_list_that_takes_much_memory_by_itself_is_rejected() {
    let element = format!("{}\nendobj\n", element(0..280_000));
    let file = with_objects(&[element.into_bytes()]);
    let rejected = verify(&file, None, &trust(), VALIDATION_TIME);
    assert_eq!(rejected.unwrap_err(), UnreadablePdf::TooComplex);
}
