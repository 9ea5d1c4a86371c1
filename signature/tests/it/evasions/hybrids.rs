//! Hybrid cross-references: a table, and a stream beside it that some readers ignore.

use std::collections::BTreeMap;

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;
use lopdf::Document;

use crate::evasions::{content, last_changes};
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{FieldOptions, Revision, VALIDATION_TIME, prepare, sign, trust};

/// An update with hybrid cross-references. Numbers may be written several times.
#[derive(Default)]
struct Hybrid {
    objects: Vec<(u32, String)>,
    /// For each entry, the number and which of the objects it leads to.
    table: Vec<(u32, usize)>,
    /// Numbers that the table lists as free.
    free: Vec<u32>,
    stream: Vec<(u32, usize)>,
    /// Further entries of the stream and their offsets, and further entries of its dictionary.
    elsewhere: Vec<(u32, usize)>,
    stream_entries: String,
}

impl Hybrid {
    /// The file with the update, and the offset of the stream.
    fn on(&self, file: &[u8]) -> (Vec<u8>, usize) {
        let before = Document::load_mem(file).unwrap();
        let mut file = [file, b"\n"].concat();
        let mut offsets = Vec::new();
        for (number, object) in &self.objects {
            offsets.push(file.len());
            file.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
        }
        let of = |entries: &[(u32, usize)]| -> BTreeMap<u32, usize> {
            entries.iter().map(|(number, object)| (*number, offsets[*object])).collect()
        };
        let mut in_stream = of(&self.stream);
        in_stream.extend(self.elsewhere.iter().copied());
        let data: Vec<u8> = in_stream
            .values()
            .flat_map(|at| [&[1][..], &u32::try_from(*at).unwrap().to_be_bytes(), &[0]].concat())
            .collect();
        let index: String = in_stream.keys().map(|number| format!("{number} 1 ")).collect();
        let stream_at = file.len();
        let number = before.max_id + 20;
        let head = format!(
            "{number} 0 obj\n<</Type/XRef/W[1 4 1]/Index[{index}]/Size {}{}/Length {}>>stream\n",
            number + 1,
            self.stream_entries,
            data.len()
        );
        file.extend_from_slice(head.as_bytes());
        file.extend_from_slice(&data);
        file.extend_from_slice(b"\nendstream\nendobj\n");
        let table: String = of(&self.table)
            .iter()
            .map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n"))
            .collect();
        let free = self.free.iter().map(|number| format!("{number} 1\n0000000000 00000 f \n"));
        let table = [table, free.collect()].concat();
        let table = if table.is_empty() { "0 0\n".to_owned() } else { table };
        let start = file.len();
        let reference = |key: &[u8]| before.trailer.get(key).unwrap().as_reference().unwrap().0;
        let trailer = format!(
            "xref\n{table}trailer\n<</Root {} 0 R/Info {} 0 R/ID[<00><01>]/Size {}/Prev {}/XRefStm {stream_at}>>\n\
             startxref\n{start}\n%%EOF\n",
            reference(b"Root"),
            reference(b"Info"),
            number + 1,
            before.xref_start
        );
        file.extend_from_slice(trailer.as_bytes());
        (file, stream_at)
    }
}

/// The page of a file, and the same page without content.
fn pages(file: &[u8]) -> (u32, String, String) {
    let revision = Revision::on(file);
    let page = revision.page();
    let same = String::from_utf8(revision.text(page)).unwrap();
    let empty = with_revision(file, |r| {
        let blank = r.add(content(""));
        r.set(page, "Contents", &format!("{blank} 0 R"));
    });
    let other = String::from_utf8(Revision::on(&empty).text(page)).unwrap();
    (page, same, other)
}

fn rejected(file: &[u8]) -> UnreadablePdf {
    verify(file, None, &trust(), VALIDATION_TIME).unwrap_err()
}

/// As PDFBox writes updates of hybrid files.
#[test]
fn a_stream_that_says_the_same_as_its_table_is_no_change() {
    let signed = sign(&LETTER);
    let catalog = Revision::on(&signed).catalog();
    let before = Document::load_mem(&signed).unwrap();
    let number = before.max_id + 1;
    let mut text = String::from_utf8(Revision::on(&signed).text(catalog)).unwrap();
    text.truncate(text.len() - 2);
    let objects = vec![
        (number, "<</Length 4>>stream\n0000\nendstream".to_owned()),
        (catalog, format!("{text}/DSS<</Certs[{number} 0 R]>>>>")),
    ];
    let entries = vec![(number, 0), (catalog, 1)];
    for previous in [String::new(), format!("/Prev {}", before.xref_start)] {
        let update = Hybrid {
            objects: objects.clone(),
            table: entries.clone(),
            stream: entries.clone(),
            stream_entries: previous,
            ..Hybrid::default()
        };
        let (file, _) = update.on(&signed);
        assert_eq!(last_changes(&file), (true, Vec::new()));
    }
}

/// Word writes a second table without entries, and its stream lists objects that old readers do not
/// need.
#[test]
fn signed_files_of_word_are_read() {
    let hidden = Document::load_mem(&LETTER).unwrap().max_id + 1;
    let word = Hybrid {
        objects: vec![(hidden, "<</Type/StructElem>>".to_owned())],
        stream: vec![(hidden, 0)],
        ..Hybrid::default()
    };
    let (word, stream_at) = word.on(&LETTER);
    let signed = sign(&word);
    assert_eq!(last_changes(&signed), (true, Vec::new()));
    // Some tools copy the entry of the trailer.
    let copied = prepare(&word, &FieldOptions::default(), |revision, _| {
        revision.trailer.insert("ID", format!("[<00><01>]/XRefStm {stream_at}"));
    });
    let byte_range = copied.correct_byte_range();
    let copied = copied.signed(byte_range);
    assert_eq!(last_changes(&copied), (true, Vec::new()));
}

#[test]
fn readers_that_prefer_the_table_or_the_stream_see_the_same_pages() {
    let signed = sign(&LETTER);
    let (page, same, other) = pages(&signed);
    let objects = vec![(page, same), (page, other.clone())];
    let hybrid = |table: &[(u32, usize)], stream: &[(u32, usize)]| Hybrid {
        objects: objects.clone(),
        table: table.to_vec(),
        stream: stream.to_vec(),
        ..Hybrid::default()
    };
    let elsewhere = |entries: &str| Hybrid {
        stream_entries: entries.to_owned(),
        ..hybrid(&[(page, 0)], &[(page, 0)])
    };
    let cases = [
        ("the stream has another page", hybrid(&[(page, 0)], &[(page, 1)])),
        ("the table has another page", hybrid(&[(page, 1)], &[(page, 0)])),
        ("the table frees the page", Hybrid { free: vec![page], ..hybrid(&[], &[(page, 1)]) }),
        ("the stream leads to other cross-references", elsewhere("/Prev 9")),
        ("the stream names an entry twice", elsewhere("/Size 9")),
    ];
    for (name, case) in cases {
        let (file, _) = case.on(&signed);
        assert_eq!(rejected(&file), UnreadablePdf::CrossReferences, "{name}");
        // Nor may the signed revision itself be such a file.
        let (file, _) = case.on(&LETTER);
        assert_eq!(rejected(&sign(&file)), UnreadablePdf::CrossReferences, "{name}, signed");
    }
    // iText lists what is in object streams only in the stream.
    for table in [&[][..], &[(page, 0)]] {
        let (file, _) = hybrid(table, &[(page, 0)]).on(&signed);
        assert_eq!(last_changes(&file), (true, Vec::new()));
    }
    for table in [&[][..], &[(page, 1)]] {
        let (file, _) = hybrid(table, &[(page, 1)]).on(&signed);
        let (passed, codes) = last_changes(&file);
        assert!(!passed && codes.contains(&"page_content_changed".to_owned()), "{codes:?}");
    }
}

/// Old readers would show hidden layers, or open no attachment, if they did not find these objects.
#[test]
fn tables_do_not_free_what_the_catalog_refers_to() {
    for key in ["OCProperties", "Names", "OpenAction"] {
        let mut number = 0;
        let text = "<</S/GoTo/OCGs[]/D<</OFF[]>>>>";
        let signed = sign(&with_revision(&LETTER, |r| {
            number = r.add(text);
            r.set(r.catalog(), key, &format!("{number} 0 R"));
        }));
        assert_eq!(last_changes(&signed), (true, Vec::new()));
        let freed = Hybrid {
            objects: vec![(number, text.to_owned())],
            free: vec![number],
            stream: vec![(number, 0)],
            ..Hybrid::default()
        };
        let (file, _) = freed.on(&signed);
        assert_eq!(rejected(&file), UnreadablePdf::CrossReferences, "{key}");
    }
}

/// An old stream, beside a new table, would bring old objects back for some readers.
#[test]
fn an_old_stream_brings_back_no_old_page() {
    let (page, ..) = pages(&LETTER);
    let document = Document::load_mem(&LETTER).unwrap();
    let offset = match document.reference_table.get(page).unwrap() {
        lopdf::xref::XrefEntry::Normal { offset, .. } => usize::try_from(*offset).unwrap(),
        other => panic!("{other:?}"),
    };
    let word = Hybrid { elsewhere: vec![(page, offset)], ..Hybrid::default() };
    let (word, stream_at) = word.on(&LETTER);
    let signed = sign(&with_revision(&word, |r| {
        let blank = r.add(content(""));
        r.set(page, "Contents", &format!("{blank} 0 R"));
    }));
    assert_eq!(last_changes(&signed), (true, Vec::new()));
    let mut update = Revision::on(&signed);
    update.add("<<>>");
    let file = update.written_with(&format!("/XRefStm {stream_at}"));
    assert_eq!(rejected(&file), UnreadablePdf::CrossReferences);
}

/// What only the stream lists may not lead to bytes that another object contains.
#[test]
fn hidden_objects_are_objects() {
    let signed = sign(&LETTER);
    let number = Document::load_mem(&signed).unwrap().max_id + 5;
    let update = Hybrid { elsewhere: vec![(number, 40)], ..Hybrid::default() };
    let (passed, codes) = last_changes(&update.on(&signed).0);
    assert!(!passed && codes.contains(&"object_unreadable".to_owned()), "{codes:?}");
}
