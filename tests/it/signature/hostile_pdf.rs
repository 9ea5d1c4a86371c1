//! PDFs that were damaged or made to harm: each has an answer, and none passes for what it is not.

use hongtou::signature::file::unreadable::Unreadable;
use hongtou::signature::verify::{earlier_sha256, verify};
use lopdf::Document;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::fixture;
use crate::signature::signer::{AT, LETTER, Wish, prepare, sign, sign_as, trust};

/// One thing that happens to a file.
#[derive(Debug, Clone)]
enum Damage {
    /// A byte is another.
    Byte(usize, u8),
    /// Some bytes are gone.
    Gone(usize, usize),
    /// Some bytes stand twice.
    Twice(usize, usize),
    /// A number is another of the same length.
    Number(usize, u8),
    /// The rest is gone.
    End(usize),
    /// Something comes behind.
    More(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = || prop_oneof![any::<usize>(), (LETTER.len()..LETTER.len() + 8000).boxed()];
    prop_oneof![
        6 => (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        6 => (place(), b'0'..=b'9').prop_map(|(at, digit)| Damage::Number(at, digit)),
        2 => (place(), 1..400_usize).prop_map(|(at, length)| Damage::Gone(at, length)),
        2 => (place(), 1..400_usize).prop_map(|(at, length)| Damage::Twice(at, length)),
        1 => place().prop_map(Damage::End),
        1 => vec(any::<u8>(), 0..40).prop_map(Damage::More),
        1 => Just(Damage::More(b"\nstartxref\n9\n%%EOF".to_vec())),
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
            Damage::Number(at, digit) => {
                let from = at % length;
                let place = file[from..].iter().position(u8::is_ascii_digit);
                file[place.map_or(from, |place| from + place)] = *digit;
            }
            Damage::Gone(at, some) => {
                let from = at % length;
                file.drain(from..length.min(from + some));
            }
            Damage::Twice(at, some) => {
                let from = at % length;
                let again = file[from..length.min(from + some)].to_vec();
                file.splice(from..from, again);
            }
            Damage::End(at) => file.truncate(at % length),
            Damage::More(more) => file.extend_from_slice(more),
        }
    }
    file
}

/// All of a file but its signature and the white space behind it: who passes has signed that.
fn vouched_for(file: &[u8], contents: &std::ops::Range<usize>) -> Vec<u8> {
    let end = file.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |last| last + 1);
    let end = end.max(contents.end);
    [&file[..contents.start.min(end)], file.get(contents.end..end).unwrap_or_default()].concat()
}

proptest! {
    #![proptest_config(Config::with_cases(400))]

    #[test]
    fn a_damaged_file_has_an_answer_and_does_not_pass(damages in vec(damage(), 1..6)) {
        let prepared = prepare(&LETTER, &Wish::default(), |_, _| {});
        let (contents, honest) = (prepared.contents.clone(), prepared.honest());
        let signed = prepared.signed(honest);
        let file = damaged(signed.clone(), &damages);
        let _ = earlier_sha256(&file);
        if let Ok(report) = verify(&file, Some(&LETTER), &trust(), AT) && report.passed {
            assert!(
                vouched_for(&file, &contents) == vouched_for(&signed, &contents) || file == *LETTER,
                "{damages:?}"
            );
        }
    }
}

#[test]
fn many_revisions_are_refused_and_a_few_dozen_are_not() {
    let mut file = LETTER.clone();
    let field = |number: usize| format!("Signature{number}");
    for number in 0..12 {
        file = sign_as(&file, &Wish { field: &field(number), ..Wish::default() });
    }
    let report = verify(&file, Some(&LETTER), &trust(), AT).unwrap();
    assert!(report.passed && report.signatures.len() == 12);
    // Each is another section of cross-references, and that is all there is to it.
    for _ in 0..60 {
        let previous = Document::load_mem(&file).unwrap().xref_start;
        let start = file.len();
        let update = format!(
            "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 9/Root 1 0 R/Prev {previous}>>\n\
             startxref\n{start}\n%%EOF\n"
        );
        file.extend_from_slice(update.as_bytes());
    }
    let refused = verify(&file, Some(&LETTER), &trust(), AT).unwrap_err();
    assert_eq!(refused, Unreadable::TooComplex);
}

#[test]
fn cross_references_that_go_in_a_circle_end() {
    let signed = sign(&LETTER);
    let at = Document::load_mem(&signed).unwrap().xref_start;
    let text = String::from_utf8_lossy(&signed[at..]).into_owned();
    let previous = text.split("/Prev ").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let circle = text.replace(&format!("/Prev {previous}"), &format!("/Prev {at}"));
    let file = [&signed[..at], circle.as_bytes()].concat();
    assert_eq!(verify(&file, None, &trust(), AT).unwrap_err(), Unreadable::TooComplex);
}

#[test]
fn what_would_unpack_to_too_much_is_refused_unread() {
    let bomb = std::fs::read(fixture::folder("handed-in").join("bomb.pdf")).unwrap();
    assert_eq!(verify(&bomb, None, &trust(), AT).unwrap_err(), Unreadable::TooComplex);
}
