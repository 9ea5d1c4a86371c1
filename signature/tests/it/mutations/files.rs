//! Changed PDFs: changes of what is signed, and updates before and after a signature.

use hongtou_signature::verdict::report::Report;
use hongtou_signature::verify::{revision_sha256s, verify};
use lopdf::{Document, Object};

use crate::letter::{LETTER, folder};
use crate::mutations::chance::Chance;
use crate::mutations::tokens::{change, tokens};
use crate::mutations::watch::watched;
use crate::report::{certified, kind, with_store};
use crate::signer::{
    FieldOptions, Revision, VALIDATION_TIME, prepare, serialized, sign, sign_with, trust,
};

/// Changed files in each of the usual tests, which take some seconds.
const FILES: usize = 150;

/// The report on a changed file, with the letter as the original; `None` if it is unreadable.
fn report(file: &[u8]) -> Option<Report> {
    watched(|| {
        let _ = revision_sha256s(file);
        verify(file, Some(&LETTER), &trust(), VALIDATION_TIME).ok()
    })
}

/// A signed letter.
struct Letter {
    file: Vec<u8>,
    /// The end of the bytes that are signed.
    signed_to: usize,
}

fn signed_letters() -> Vec<Letter> {
    let visible = FieldOptions { rect: "300 200 400 240", ..FieldOptions::default() };
    let lock = "/Lock<</Type/SigFieldLock/Action/All>>";
    let locking = FieldOptions { field_entries: lock, ..FieldOptions::default() };
    let second = FieldOptions { field: "Signature2", ..FieldOptions::default() };
    let once = sign(&LETTER);
    let whole = [
        sign_with(&once, &second),
        sign_with(&LETTER, &visible),
        sign_with(&LETTER, &locking),
        certified(),
        once.clone(),
    ];
    let whole = whole.into_iter().map(|file| Letter { signed_to: file.len(), file });
    whole.chain([Letter { file: with_store(&once), signed_to: once.len() }]).collect()
}

/// What a reader shows of the pages, apart from annotations.
fn shown(file: &[u8]) -> Vec<(Vec<u8>, String)> {
    let document = Document::load_mem(file).unwrap();
    let pages = document.page_iter().map(|id| {
        let page = document.get_dictionary(id).unwrap();
        let entry = |key: &[u8]| page.get(key).cloned().unwrap_or(Object::Null);
        let boxes = [entry(b"MediaBox"), entry(b"CropBox"), entry(b"Rotate"), entry(b"UserUnit")];
        (document.get_page_content(id), format!("{boxes:?}"))
    });
    pages.collect()
}

/// The objects of a file as text.
fn objects(file: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let document = Document::load_mem(file).unwrap();
    let all = document.objects.iter();
    // What PDFs call objects of object streams are no objects of their own.
    let kept = all.filter(|(id, object)| id.1 == 0 && !object.type_name().is_ok_and(is_internal));
    kept.map(|(id, object)| (id.0, serialized(object))).collect()
}

fn is_internal(name: &[u8]) -> bool {
    name == b"ObjStm" || name == b"XRef"
}

/// Adds an update in which a few objects are changed at random.
fn update(file: &[u8], chance: &mut Chance, objects: &[(u32, Vec<u8>)]) -> Revision {
    let mut revision = Revision::on(file);
    let small: Vec<_> = objects.iter().filter(|(_, text)| text.len() < 20_000).collect();
    for _ in 0..=chance.below(3) {
        let donor = tokens(&chance.choose(&small).1);
        let (number, text) = *chance.choose(&small);
        let mut changed = tokens(text);
        for _ in 0..chance.below(4) {
            change(&mut changed, chance, &donor);
        }
        match chance.below(5) {
            0 => drop(revision.add(changed.concat())),
            _ => revision.write(*number, changed.concat()),
        }
    }
    revision
}

/// Changes tokens of a file in place, so that its cross-references stay right.
fn changed_in_place(file: &[u8], chance: &mut Chance) -> Vec<u8> {
    let from = if chance.one_in(4) { chance.below(LETTER.len()) } else { LETTER.len() };
    let (before, rest) = file.split_at(from.min(file.len()));
    let mut parts = tokens(rest);
    let donor = parts.clone();
    for _ in 0..=chance.below(3) {
        let at = chance.below(parts.len());
        let length = parts[at].len();
        let mut changed = vec![parts[at].clone()];
        change(&mut changed, chance, &donor);
        let mut changed = changed.concat();
        if chance.one_in(8) {
            parts[at] = changed;
        } else {
            changed.resize(length, b' ');
            parts[at] = changed;
        }
    }
    [before, &parts.concat()].concat()
}

/// The bytes without those between the last brackets of a signature, and without white space behind.
fn without_contents(file: &[u8]) -> Vec<u8> {
    let mut rest = Vec::new();
    let mut is_inside = false;
    for part in file.split_inclusive(|byte| *byte == b'>') {
        let is_hex = part.len() > 4000;
        rest.extend(if is_hex { &part[part.len() - 1..] } else { part });
        is_inside |= is_hex;
    }
    assert!(is_inside, "a signature");
    rest.trim_ascii_end().to_vec()
}

#[test]
fn files_with_other_signed_bytes_do_not_pass() {
    let letters = signed_letters();
    let mut n_read = 0;
    Chance::repeat("in place", FILES, |chance| {
        let Letter { file: signed, signed_to } = chance.choose(&letters);
        let file = changed_in_place(signed, chance);
        let report = report(&file);
        n_read += usize::from(report.is_some());
        if report.is_some_and(|report| report.passed) {
            let is_same =
                without_contents(&file).starts_with(&without_contents(&signed[..*signed_to]));
            assert!(is_same, "other signed bytes");
        }
    });
    assert!(n_read > 0, "no changed file is readable");
}

#[test]
fn updates_after_a_signature_show_nothing_new() {
    let letters = signed_letters();
    let texts: Vec<_> = letters.iter().map(|letter| objects(&letter.file)).collect();
    let shown_before = shown(&LETTER);
    Chance::repeat("after", FILES, |chance| {
        let index = chance.below(letters.len());
        let file = update(&letters[index].file, chance, &texts[index]).written();
        if report(&file).is_some_and(|report| report.passed) {
            assert!(shown(&file) == shown_before, "the pages changed");
        }
    });
}

/// An attacker may also sign what they changed.
#[test]
fn updates_before_a_signature_show_nothing_new() {
    let texts = objects(&LETTER);
    let shown_before = shown(&LETTER);
    let mut n_signed = 0;
    Chance::repeat("before", FILES, |chance| {
        let file = update(&LETTER, chance, &texts).written();
        let is_readable = report(&file).is_some() && Document::load_mem(&file).is_ok();
        if !is_readable || !may_be_signed(&file) {
            return;
        }
        let prepared = prepare(&file, &FieldOptions::default(), |_, _| {});
        let byte_range = prepared.correct_byte_range();
        let signed = prepared.signed(byte_range);
        n_signed += 1;
        let is_ours = |report: &Report| report.passed || kind(report) == "identical_signed";
        if report(&signed).as_ref().is_some_and(is_ours) {
            assert!(shown(&signed) == shown_before, "the pages changed");
        }
    });
    assert!(n_signed > 0, "no changed file can be signed");
}

/// Whether the signer of these tests finds the page and the form that it changes.
fn may_be_signed(file: &[u8]) -> bool {
    let document = Document::load_mem(file).unwrap();
    let page = document.page_iter().next().and_then(|id| document.get_dictionary(id).ok());
    let list = page.map(|page| page.get(b"Annots").is_ok_and(|list| list.as_array().is_err()));
    list == Some(false)
        && ["Root", "Info", "ID"].iter().all(|it| document.trailer.has(it.as_bytes()))
}

/// Files as offices hand them in, encrypted ones among them.
#[test]
fn changed_files_of_offices_are_judged_or_rejected() {
    let names = ["encrypted/aes-256.pdf", "encrypted/rc4-40.pdf", "letter-linear.pdf", "scan.pdf"];
    let files = names.map(|name| std::fs::read(folder().join(name)).unwrap());
    Chance::repeat("offices", FILES, |chance| {
        let file = chance.choose(&files);
        let mut parts = tokens(file);
        let donor = parts.clone();
        for _ in 0..=chance.below(4) {
            let at = chance.below(parts.len());
            let length = parts[at].len();
            let mut changed = vec![parts[at].clone()];
            change(&mut changed, chance, &donor);
            parts[at] = changed.concat();
            if !chance.one_in(8) {
                parts[at].resize(length, b' ');
            }
        }
        let report = report(&parts.concat());
        assert!(report.is_none_or(|report| !report.passed));
    });
}
