//! Changes behind object streams and cross-references on which readers may not agree.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;
use lopdf::Document;
use serde_json::json;

use crate::evasions::{content, last_changes};
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{Revision, VALIDATION_TIME, sign, trust};

/// An incremental update with an object stream and a cross-reference stream. `entries` has the number of
/// each object and the index that the cross-references give.
fn packed(file: &[u8], objects: &[(u32, String)], entries: &[(u32, u16)]) -> Vec<u8> {
    let before = Document::load_mem(file).unwrap();
    let (stream, table) = (before.max_id + 1, before.max_id + 2);
    let (mut head, mut body) = (String::new(), String::new());
    for (number, object) in objects {
        head += &format!("{number} {} ", body.len());
        body += object;
        body.push(' ');
    }
    let mut file = [file, b"\n"].concat();
    let mut rows: Vec<(u32, u8, u32, u16)> =
        entries.iter().map(|(number, index)| (*number, 2, stream, *index)).collect();
    rows.push((stream, 1, u32::try_from(file.len()).unwrap(), 0));
    file.extend_from_slice(
        format!(
            "{stream} 0 obj\n<</Type/ObjStm/N {}/First {}/Length {}>>stream\n{head}{body}\nendstream\nendobj\n",
            objects.len(),
            head.len(),
            head.len() + body.len()
        )
        .as_bytes(),
    );
    let start = file.len();
    rows.push((table, 1, u32::try_from(start).unwrap(), 0));
    rows.sort_unstable();
    let index: String = rows.iter().map(|row| format!("{} 1 ", row.0)).collect();
    let data: Vec<u8> = rows
        .iter()
        .flat_map(|(_, kind, a, b)| [&[*kind][..], &a.to_be_bytes(), &b.to_be_bytes()].concat())
        .collect();
    let root = before.trailer.get(b"Root").unwrap().as_reference().unwrap().0;
    let info = before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
    file.extend_from_slice(
        format!(
            "{table} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{index}]/Size {}/Root {root} 0 R/Info {info} 0 R\
             /ID[<00><01>]/Prev {}/Length {}>>stream\n",
            rows.last().unwrap().0 + 1,
            before.xref_start,
            data.len()
        )
        .as_bytes(),
    );
    file.extend_from_slice(&data);
    file.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    file
}

/// The page of the letter, and the same with other content.
fn pages() -> (u32, String, String) {
    let revision = Revision::on(&LETTER);
    let page = revision.page();
    let mut other = revision.dictionary(page);
    other.remove(b"Contents");
    let text = |dictionary| {
        let mut text = Vec::new();
        lopdf::Writer::write_object(&mut text, &lopdf::Object::Dictionary(dictionary)).unwrap();
        String::from_utf8(text).unwrap()
    };
    (page, text(revision.dictionary(page)), text(other))
}

/// Without the signature, so that the page has no annotations yet.
#[test]
fn object_streams_hide_no_changes() {
    let (page, same, other) = pages();
    let root = Revision::on(&LETTER).catalog();
    let tree =
        Revision::on(&LETTER).dictionary(root).get(b"Pages").unwrap().as_reference().unwrap().0;
    let script = format!("<</Type/Catalog/Pages {tree} 0 R/OpenAction<</S/JavaScript/JS(x)>>>>");
    let objects = |list: &[&String]| -> Vec<(u32, String)> {
        list.iter().map(|object| (page, (*object).clone())).collect()
    };
    let cases = [
        ("the same page", objects(&[&same]), vec![(page, 0)], None),
        ("another page", objects(&[&other]), vec![(page, 0)], Some("page_content_changed")),
        ("a script", vec![(root, script)], vec![(root, 0)], Some("action_added")),
        (
            "two pages, the first",
            objects(&[&same, &other]),
            vec![(page, 0)],
            Some("object_unreadable"),
        ),
        (
            "two pages, the last",
            objects(&[&other, &same]),
            vec![(page, 1)],
            Some("object_unreadable"),
        ),
        (
            "two pages, the other",
            objects(&[&other, &same]),
            vec![(page, 0)],
            Some("object_unreadable"),
        ),
        (
            "the index of another object",
            vec![(page, same.clone()), (900, other.clone())],
            vec![(page, 1)],
            Some("object_unreadable"),
        ),
    ];
    for (name, objects, entries, expected) in cases {
        let (_, codes) = last_changes(&packed(&LETTER, &objects, &entries));
        match expected {
            None => assert_eq!(codes, Vec::<String>::new(), "{name}"),
            Some(code) => assert!(codes.contains(&code.to_owned()), "{name}: {codes:?}"),
        }
    }
}

/// An object stream of a signed revision that a later one overwrites.
#[test]
fn overwritten_object_streams_are_changes() {
    let stream = Document::load_mem(&LETTER).unwrap().max_id + 1;
    let number = stream + 2;
    let signed = sign(&packed(&LETTER, &[(number, "[(a)]".to_owned())], &[(number, 0)]));
    assert!(verify(&signed, None, &trust(), VALIDATION_TIME).unwrap().passed);
    let file = with_revision(&signed, |r| {
        let head = format!("{number} 0 ");
        let (first, length) = (head.len(), head.len() + 5);
        let object = format!(
            "<</Type/ObjStm/N 1/First {first}/Length {length}>>stream\n{head}[(b)]\nendstream"
        );
        r.write(stream, object);
    });
    let (passed, codes) = last_changes(&file);
    assert!(!passed && !codes.is_empty(), "{codes:?}");
}

/// Readers may use either of two entries.
#[test]
fn a_trailer_names_each_entry_once() {
    let signed = sign(&LETTER);
    let mut update = Revision::on(&signed);
    let root = update.catalog();
    let evil = update.add("<</Type/Catalog/Pages 1 0 R>>");
    for entries in
        [format!("/Root {evil} 0 R"), format!("/R#6fot {evil} 0 R"), "/Size 9".to_owned()]
    {
        let mut again = Revision::on(&signed);
        again.add("<</Type/Catalog/Pages 1 0 R>>");
        let file = again.written_with(&entries);
        let rejected = verify(&file, None, &trust(), VALIDATION_TIME);
        assert_eq!(rejected.unwrap_err(), UnreadablePdf::CrossReferences, "{root}: {entries}");
    }
}

/// The cross-references of an update may lead only to objects in it.
#[test]
fn updates_do_not_lead_back_into_the_signed_bytes() {
    let (page, ..) = pages();
    // A page object within the data of a stream. Readers do not agree on which content counts.
    let hidden = format!("{page} 0 obj\n<</Type/Page/Contents 1 0 R/Contents 2 0 R>>\nendobj");
    let signed = sign(&with_revision(&LETTER, |r| {
        r.add(content(&hidden));
    }));
    let at = signed.windows(hidden.len()).position(|it| it == hidden.as_bytes()).unwrap();
    let content_at = content_offset(&signed);
    for offset in [at, content_at, 0, signed.len() + 1_000_000] {
        let file = with_table(&signed, &format!("{page} 1\n{offset:010} 00000 n \n"));
        match verify(&file, None, &trust(), VALIDATION_TIME) {
            Ok(report) => {
                let report = serde_json::to_value(&report).unwrap();
                assert_eq!(report["passed"], json!(false), "{offset}");
                let last = report["revisions"][3]["changes"].to_string();
                assert!(last.contains("object_unreadable"), "{offset}: {last}");
            }
            Err(rejected) => assert_ne!(rejected, UnreadablePdf::TooComplex, "{offset}"),
        }
    }
}

/// The offset of some other object of the letter.
fn content_offset(file: &[u8]) -> usize {
    let document = Document::load_mem(file).unwrap();
    match document.reference_table.get(1).unwrap() {
        lopdf::xref::XrefEntry::Normal { offset, .. } => usize::try_from(*offset).unwrap(),
        _ => 0,
    }
}

/// An update that consists of these subsections of a cross-reference table.
fn with_table(file: &[u8], subsections: &str) -> Vec<u8> {
    let before = Document::load_mem(file).unwrap();
    let root = before.trailer.get(b"Root").unwrap().as_reference().unwrap().0;
    let info = before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
    let start = file.len();
    let update = format!(
        "xref\n{subsections}trailer\n<</Root {root} 0 R/Info {info} 0 R/Size {}/Prev {}>>\nstartxref\n{start}\n%%EOF\n",
        before.max_id + 1,
        before.xref_start
    );
    [file, update.as_bytes()].concat()
}

#[test]
fn freed_and_renumbered_objects_are_changes() {
    let signed = sign(&LETTER);
    let content = Revision::on(&signed);
    let content =
        content.dictionary(content.page()).get(b"Contents").unwrap().as_reference().unwrap().0;
    let offset = match Document::load_mem(&signed).unwrap().reference_table.get(content).unwrap() {
        lopdf::xref::XrefEntry::Normal { offset, .. } => *offset,
        other => panic!("{other:?}"),
    };
    for (name, entry) in [
        ("freed", "0000000000 00001 f ".to_owned()),
        ("another generation", format!("{offset:010} 00001 n ")),
    ] {
        let (passed, codes) =
            last_changes(&with_table(&signed, &format!("{content} 1\n{entry}\n")));
        assert!(!passed && !codes.is_empty(), "{name}: {codes:?}");
    }
}

/// Readers decrypt all objects or none.
#[test]
fn files_are_encrypted_as_a_whole() {
    for (first, second) in [
        ("/Encrypt 1 0 R", ""),
        ("", "/Encrypt 1 0 R"),
        ("/Encrypt<</Filter/Adobe.PubSec>>", ""),
        ("/Encrypt<</Filter/Standard/V 5/R 6>>", "/Encrypt 1 0 R"),
    ] {
        let mut update = Revision::on(&LETTER);
        update.add("<<>>");
        let start = LETTER.len() + 1;
        let file = update.written_with(first);
        let document = file.len();
        let update = format!(
            "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 99/Prev {}{second}>>\nstartxref\n{document}\n%%EOF\n",
            start + file[start..].windows(4).position(|it| it == b"xref").unwrap()
        );
        let file = [&file, update.as_bytes()].concat();
        let rejected = verify(&file, None, &trust(), VALIDATION_TIME).unwrap_err();
        assert_eq!(rejected, UnreadablePdf::UnclearEncryption, "{first}, {second}");
    }
}

/// An update with two sections, of which no `startxref` leads to the first, is one revision. Adobe's
/// programs write such files.
#[test]
fn sections_without_an_end_belong_to_the_next_revision() {
    let signed = sign(&LETTER);
    let (page, _, other) = pages();
    let without_end = |objects: fn(&mut Revision, u32, &str)| {
        let mut update = Revision::on(&signed);
        objects(&mut update, page, &other);
        let first = update.written();
        let end = first.windows(9).rposition(|window| window == b"startxref").unwrap();
        let mut file = with_table(&first, "0 1\n0000000000 65535 f \n");
        file[end..first.len()].fill(b' ');
        file
    };
    let nothing = without_end(|r, _, _| {
        r.add("<<>>");
    });
    assert_eq!(last_changes(&nothing), (true, Vec::new()));
    let (passed, codes) = last_changes(&without_end(|r, page, other| r.write(page, other)));
    assert!(!passed && codes.contains(&"page_content_changed".to_owned()), "{codes:?}");
}

/// Makes a document refer to a stream.
type Refer = fn(&mut Revision, u32);

/// Streams of cross-references and objects are not compared, but only if nothing refers to them.
#[test]
fn streams_that_look_like_cross_references_are_compared() {
    let stream = |kind: &str, content: &str| {
        format!("<<{kind}/Length {}>>stream\n{content}\nendstream", content.len())
    };
    let contents: Refer = |r, shown| {
        r.set(r.page(), "Contents", &format!("{shown} 0 R"));
    };
    let attached: Refer = |r, file| {
        let names = format!("<</EmbeddedFiles<</Names[(a)<</EF<</F {file} 0 R>>>>]>>>>");
        r.set(r.catalog(), "Names", &names);
    };
    let cases: [(&str, Refer, &str); 4] = [
        ("/Type/ObjStm/N 0/First 0", contents, "page_content_changed"),
        ("/Type/XRef/W[1 1 1]", contents, "page_content_changed"),
        ("/Type/ObjStm/N 0/First 0", attached, "object_changed"),
        ("/Type/XRef/W[1 1 1]", attached, "object_changed"),
    ];
    for (kind, refer, expected) in cases {
        let mut number = 0;
        let signed = sign(&with_revision(&LETTER, |r| {
            number = r.add(stream(kind, "0 0 9 9 re f"));
            refer(r, number);
        }));
        assert_eq!(last_changes(&signed), (true, Vec::new()), "{kind}");
        let changed = with_revision(&signed, |r| r.write(number, stream(kind, "0 0 8 8 re f")));
        let (passed, codes) = last_changes(&changed);
        assert!(!passed && codes == [expected], "{kind}: {codes:?}");
    }
}
