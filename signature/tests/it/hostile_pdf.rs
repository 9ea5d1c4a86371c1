//! Tests damaged and malicious PDFs: each gets a result in limited time, and none passes wrongly.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::{revision_sha256s, verify};
use lopdf::Document;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::letter::{LETTER, folder};
use crate::signer::{FieldOptions, VALIDATION_TIME, prepare, sign, sign_with, trust};

/// A random change to a file.
#[derive(Debug, Clone)]
enum Damage {
    /// Replaces a byte.
    Byte(usize, u8),
    /// Removes bytes.
    Removed(usize, usize),
    /// Repeats bytes.
    Repeated(usize, usize),
    /// Replaces a digit.
    Digit(usize, u8),
    /// Removes the rest.
    Truncated(usize),
    /// Appends bytes.
    Appended(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let offset = || prop_oneof![any::<usize>(), (LETTER.len()..LETTER.len() + 8000).boxed()];
    prop_oneof![
        6 => (offset(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        6 => (offset(), b'0'..=b'9').prop_map(|(at, digit)| Damage::Digit(at, digit)),
        2 => (offset(), 1..400_usize).prop_map(|(at, length)| Damage::Removed(at, length)),
        2 => (offset(), 1..400_usize).prop_map(|(at, length)| Damage::Repeated(at, length)),
        1 => offset().prop_map(Damage::Truncated),
        1 => vec(any::<u8>(), 0..40).prop_map(Damage::Appended),
        1 => Just(Damage::Appended(b"\nstartxref\n9\n%%EOF".to_vec())),
    ]
}

fn damaged(mut file: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        if file.is_empty() {
            break;
        }
        let length = file.len();
        match damage {
            Damage::Byte(at, byte) => file[at % length] = *byte,
            Damage::Digit(at, digit) => {
                let from = at % length;
                let offset = file[from..].iter().position(u8::is_ascii_digit);
                file[offset.map_or(from, |offset| from + offset)] = *digit;
            }
            Damage::Removed(at, count) => {
                let from = at % length;
                file.drain(from..length.min(from + count));
            }
            Damage::Repeated(at, count) => {
                let from = at % length;
                let again = file[from..length.min(from + count)].to_vec();
                file.splice(from..from, again);
            }
            Damage::Truncated(at) => file.truncate(at % length),
            Damage::Appended(more) => file.extend_from_slice(more),
        }
    }
    file
}

/// A file without its signature and trailing white space. A file that passes must not differ in this.
fn signed_part(file: &[u8], contents: &std::ops::Range<usize>) -> Vec<u8> {
    let end = file.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |last| last + 1);
    let end = end.max(contents.end);
    [&file[..contents.start.min(end)], file.get(contents.end..end).unwrap_or_default()].concat()
}

proptest! {
    #![proptest_config(Config::with_cases(400))]

    #[test]
    fn damaged_files_do_not_pass(damages in vec(damage(), 1..6)) {
        let prepared = prepare(&LETTER, &FieldOptions::default(), |_, _| {});
        let (contents, byte_range) = (prepared.contents.clone(), prepared.correct_byte_range());
        let signed = prepared.signed(byte_range);
        let file = damaged(signed.clone(), &damages);
        let _ = revision_sha256s(&file);
        if let Ok(report) = verify(&file, Some(&LETTER), &trust(), VALIDATION_TIME) && report.passed {
            assert!(
                signed_part(&file, &contents) == signed_part(&signed, &contents) || file == *LETTER,
                "{damages:?}"
            );
        }
    }
}

#[test]
fn too_many_revisions_are_rejected() {
    let mut file = LETTER.clone();
    let field = |number: usize| format!("Signature{number}");
    for number in 0..12 {
        file = sign_with(&file, &FieldOptions { field: &field(number), ..FieldOptions::default() });
    }
    let report = verify(&file, Some(&LETTER), &trust(), VALIDATION_TIME).unwrap();
    assert!(report.passed && report.signatures.len() == 12);
    // Revisions that consist of a cross-reference section only.
    for _ in 0..60 {
        let previous = Document::load_mem(&file).unwrap().xref_start;
        let start = file.len();
        let update = format!(
            "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 9/Root 1 0 R/Prev {previous}>>\n\
             startxref\n{start}\n%%EOF\n"
        );
        file.extend_from_slice(update.as_bytes());
    }
    let rejected = verify(&file, Some(&LETTER), &trust(), VALIDATION_TIME).unwrap_err();
    assert_eq!(rejected, UnreadablePdf::TooComplex);
}

#[test]
fn circular_cross_references_are_rejected() {
    let signed = sign(&LETTER);
    let at = Document::load_mem(&signed).unwrap().xref_start;
    let text = String::from_utf8_lossy(&signed[at..]).into_owned();
    let previous = text.split("/Prev ").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let circle = text.replace(&format!("/Prev {previous}"), &format!("/Prev {at}"));
    let file = [&signed[..at], circle.as_bytes()].concat();
    assert_eq!(
        verify(&file, None, &trust(), VALIDATION_TIME).unwrap_err(),
        UnreadablePdf::TooComplex
    );
}

#[test]
fn decompression_bombs_are_rejected() {
    let bomb = std::fs::read(folder().join("bomb.pdf")).unwrap();
    assert_eq!(
        verify(&bomb, None, &trust(), VALIDATION_TIME).unwrap_err(),
        UnreadablePdf::TooComplex
    );
}

/// A file with a page and these further objects, the first of which has the number 4.
pub(crate) fn with_objects(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 4);
    let base = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>"];
    let base = base.into_iter().chain(["<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"]);
    let base = base.map(|object| format!("{object}\nendobj\n").into_bytes());
    for (index, object) in base.chain(objects.iter().cloned()).enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend_from_slice(format!("{:06} 0 obj ", index + 1).as_bytes());
        file.extend_from_slice(&object);
    }
    let start = file.len();
    let end = format!(
        "{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 4
    );
    [file, end.into_bytes()].concat()
}

/// Streams of which each contains the next: a small file would take much memory.
#[test]
fn streams_that_overlap_are_rejected() {
    const STREAMS: usize = 100;
    const BYTES: usize = 1_000_000;
    let head = "000000 0 obj <</Length 0000000000>>stream\n".len();
    let length = |index: usize| BYTES + head * (STREAMS - 1 - index);
    let direct = |index| format!("<</Length {:010}>>stream\n", length(index)).into_bytes();
    let by_reference = |index: usize| {
        format!("<</Length {:06} 0 R>>stream\n    ", STREAMS + 4 + index).into_bytes()
    };
    let filling = [vec![b'0'; BYTES], b"\nendstream endobj\n".to_vec()].concat();
    let mut streams: Vec<Vec<u8>> = (0..STREAMS).map(direct).collect();
    streams[STREAMS - 1].extend_from_slice(&filling);
    let mut others: Vec<Vec<u8>> = (0..STREAMS).map(by_reference).collect();
    others[STREAMS - 1].extend_from_slice(&filling);
    others.extend((0..STREAMS).map(|index| format!(" {} endobj\n", length(index)).into_bytes()));
    // Lengths that are references, and numbers of objects behind which a comment looks like another.
    let mut chained = others[..STREAMS].to_vec();
    chained.extend(
        (0..STREAMS)
            .map(|index| format!("{:06} 0 R endobj\n", 2 * STREAMS + 4 + index).into_bytes()),
    );
    chained.extend((0..STREAMS).map(|index| format!("{} endobj\n", length(index)).into_bytes()));
    for objects in [streams, others.clone(), chained] {
        let rejected = verify(&with_objects(&objects), None, &trust(), VALIDATION_TIME);
        assert_eq!(rejected.unwrap_err(), UnreadablePdf::TooComplex);
    }
    // Readers skip the comment, so the object has the first number. The offsets stay the same.
    let commented = String::from_utf8(with_objects(&others)).unwrap();
    let commented = (0..STREAMS).fold(commented, |file, index| {
        let number = STREAMS + 4 + index;
        file.replace(&format!("{number:06} 0 obj  "), &format!("{number} 0%9 9\nobj "))
    });
    let rejected = verify(commented.as_bytes(), None, &trust(), VALIDATION_TIME);
    assert_eq!(rejected.unwrap_err(), UnreadablePdf::TooComplex);
}

/// Each value takes much more memory than it has bytes.
#[test]
fn object_streams_with_many_values_are_rejected() {
    let text = format!("10 0 [{}]", "0 ".repeat(5_000_000));
    let head = format!("<</Type/ObjStm/N 1/First 5/Length {}>>stream\n", text.len());
    let stream = [head.as_bytes(), text.as_bytes(), b"\nendstream endobj\n"].concat();
    let rejected = verify(&with_objects(&[stream]), None, &trust(), VALIDATION_TIME).unwrap_err();
    assert_eq!(rejected, UnreadablePdf::TooComplex);
}

/// Arrays take more memory than what is in them.
#[test]
fn objects_with_many_values_are_rejected() {
    let few = format!("[{}]", "0 ".repeat(17));
    let texts = [
        "0 ".repeat(850_000),
        "[0]".repeat(170_000),
        few.repeat(26_000),
        "<</A 0>>".repeat(152_000),
        "<</A 0/B 0/C 0/D 0>>".repeat(70_000),
    ];
    for text in texts {
        let object = format!("[{text}] endobj\n").into_bytes();
        let rejected = verify(&with_objects(&[object]), None, &trust(), VALIDATION_TIME);
        assert_eq!(rejected.unwrap_err(), UnreadablePdf::TooComplex, "{}", &text[..8]);
    }
    let object = format!("[{}] endobj\n", "0 ".repeat(800_000)).into_bytes();
    assert!(verify(&with_objects(&[object]), None, &trust(), VALIDATION_TIME).is_ok());
}

/// A word in a comment as long as the file would be read to its end, again and again.
#[expect(clippy::disallowed_methods, reason = "measures a duration")]
#[test]
fn comments_are_not_read_again_and_again() {
    let start = Document::load_mem(&LETTER).unwrap().xref_start;
    let comment = format!("\n%{}\nstartxref\n{start}\n%%EOF\n", "startxref%".repeat(60_000));
    let file = [LETTER.as_slice(), comment.as_bytes()].concat();
    let started = std::time::Instant::now();
    let report = verify(&file, None, &trust(), VALIDATION_TIME).unwrap();
    assert_eq!(report.revisions[0].changes[0].code, "trailing_bytes");
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
