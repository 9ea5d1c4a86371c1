//! Cross-references and object streams in which readers find different objects.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verify::verify;
use lopdf::Document;
use lopdf::xref::XrefEntry;

use crate::evasions::last_changes;
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{Revision, VALIDATION_TIME, sign, trust};

/// An entry of a cross-reference stream: the number of the object, and the three fields.
type Row = (u32, u8, u64, u16);

/// A file with another cross-reference stream.
fn with_stream(file: &[u8], rows: &[Row]) -> Vec<u8> {
    let before = Document::load_mem(file).unwrap();
    let mut file = [file, b"\n"].concat();
    let (start, number) = (file.len(), before.max_id + 30);
    let mut rows = rows.to_vec();
    rows.push((number, 1, start as u64, 0));
    rows.sort_unstable();
    let index: String = rows.iter().map(|row| format!("{} 1 ", row.0)).collect();
    let data: Vec<u8> = rows
        .iter()
        .flat_map(|(_, kind, a, b)| [&[*kind][..], &a.to_be_bytes(), &b.to_be_bytes()].concat())
        .collect();
    let reference = |key: &[u8]| before.trailer.get(key).unwrap().as_reference().unwrap().0;
    let head = format!(
        "{number} 0 obj\n<</Type/XRef/W[1 8 2]/Index[{index}]/Size {}/Root {} 0 R/Info {} 0 R\
         /ID[<00><01>]/Prev {}/Length {}>>stream\n",
        number + 1,
        reference(b"Root"),
        reference(b"Info"),
        before.xref_start,
        data.len()
    );
    file.extend_from_slice(head.as_bytes());
    file.extend_from_slice(&data);
    file.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    file
}

/// A file with an object, which no cross-reference lists yet, and its offset.
fn with_object(file: &[u8], number: u32, object: &str) -> (Vec<u8>, u64) {
    let file = [file, b"\n"].concat();
    let at = file.len() as u64;
    ([&file, format!("{number} 0 obj\n{object}\nendobj\n").as_bytes()].concat(), at)
}

/// An object stream of these objects, with something between its head and them.
fn object_stream(objects: &[(u32, &str)], gap: &str) -> String {
    let (mut head, mut body) = (String::new(), gap.to_owned());
    for (number, object) in objects {
        head += &format!("{number} {} ", body.len());
        body += &format!("{object} ");
    }
    format!(
        "<</Type/ObjStm/N {}/First {}/Length {}>>stream\n{head}{body}\nendstream",
        objects.len(),
        head.len(),
        head.len() + body.len()
    )
}

/// A file with an object and a cross-reference stream, whose rows follow from the offset of the object.
fn with_object_and_rows(
    file: &[u8],
    number: u32,
    object: &str,
    rows: impl Fn(u64) -> Vec<Row>,
) -> Vec<u8> {
    let (with_object, at) = with_object(file, number, object);
    with_stream(&with_object, &rows(at))
}

fn rejected(file: &[u8]) -> Option<UnreadablePdf> {
    verify(file, None, &trust(), VALIDATION_TIME).err()
}

/// The number and the offset of the content of the page.
fn content(file: &[u8]) -> (u32, u64) {
    let revision = Revision::on(file);
    let content = revision.dictionary(revision.page());
    let number = content.get(b"Contents").unwrap().as_reference().unwrap().0;
    match revision.before.reference_table.get(number) {
        Some(XrefEntry::Normal { offset, .. }) => (number, u64::from(*offset)),
        other => panic!("{other:?}"),
    }
}

const LAYERS: &str = "<</OCGs[1 0 R]/D<</OFF[1 0 R]>>>>";
const OTHER_LAYERS: &str = "<</OCGs[1 0 R]/D<</OFF[]>>>>";

/// The letter with layers in an object stream, signed, and the numbers of the layers and of the stream.
fn with_packed_layers(is_listed: bool) -> (Vec<u8>, u32, u32) {
    let number = Document::load_mem(&LETTER).unwrap().max_id + 5;
    let letter = with_revision(&LETTER, |r| {
        r.set(r.catalog(), "OCProperties", &format!("{number} 0 R"));
    });
    let packed = object_stream(&[(number, LAYERS), (number + 1, "null")], "");
    let file = with_object_and_rows(&letter, number + 2, &packed, |at| {
        let mut rows = vec![(number + 1, 2, u64::from(number + 2), 1), (number + 2, 1, at, 0)];
        rows.extend(is_listed.then_some((number, 2, u64::from(number + 2), 0)));
        rows
    });
    (sign(&file), number, number + 2)
}

#[test]
fn objects_that_no_cross_reference_lists_are_not_there() {
    let (signed, number, stream) = with_packed_layers(false);
    assert_eq!(last_changes(&signed), (true, Vec::new()));
    let listed = with_stream(&signed, &[(number, 2, u64::from(stream), 0)]);
    let (passed, codes) = last_changes(&listed);
    assert!(!passed && codes.contains(&"object_filled_in".to_owned()), "{codes:?}");
}

#[test]
fn an_object_stream_that_replaces_another_is_clear() {
    let (signed, number, stream) = with_packed_layers(true);
    let with = |objects: &[(u32, &str)], gap: &str| {
        let packed = object_stream(objects, gap);
        last_changes(&with_object_and_rows(&signed, stream, &packed, |at| vec![(stream, 1, at, 0)]))
    };
    let null = (number + 1, "null");
    assert_eq!(with(&[(number, LAYERS), null], ""), (true, Vec::new()));
    for objects in
        [&[(number, OTHER_LAYERS), null, (number, LAYERS)][..], &[null, (number, LAYERS)]]
    {
        let (passed, codes) = with(objects, "");
        assert!(!passed && codes[0] == "object_unreadable", "{objects:?}: {codes:?}");
    }
    // What hides a duplicate entry from a search.
    let twice = format!("<</OCGs[]{}", &LAYERS[2..]);
    for gap in ["", "{ ", ") ", "endobj "] {
        let (passed, codes) = with(&[(number, &twice), null], gap);
        assert!(!passed && codes.contains(&"entry_twice".to_owned()), "{gap}: {codes:?}");
    }
}

#[test]
fn entries_of_streams_have_known_types_and_fit() {
    let signed = sign(&LETTER);
    let (number, offset) = content(&signed);
    assert_eq!(last_changes(&with_stream(&signed, &[(number, 1, offset, 0)])), (true, Vec::new()));
    for (name, row) in [
        ("an unknown type", (number, 3, offset, 0)),
        ("an offset outside of the file", (number, 1, offset + (1 << 32), 0)),
    ] {
        let file = with_stream(&signed, &[row]);
        assert_eq!(rejected(&file), Some(UnreadablePdf::CrossReferences), "{name}");
    }
}

/// An update with a table of these entries.
fn with_table(file: &[u8], entries: &str) -> Vec<u8> {
    let mut revision = Revision::on(file);
    revision.add("<<>>");
    let written = revision.written();
    let at = written.windows(5).rposition(|window| window == b"xref\n").unwrap();
    let at = written[..at].windows(5).rposition(|window| window == b"xref\n").unwrap_or(at);
    [&written[..at + 5], entries.as_bytes(), &written[at + 5..]].concat()
}

/// Some readers take 20 bytes for each entry, others read numbers.
#[test]
fn entries_of_tables_have_20_bytes() {
    let signed = sign(&LETTER);
    let (number, offset) = content(&signed);
    for (entry, is_read) in [
        (format!("{offset:010} 00000 n \n"), true),
        (format!("{offset:010} 00000 n\r\n"), true),
        (format!("{offset:010} 00000 n\n"), true),
        (format!("{offset:010} 0 n \n"), false),
        (format!("{offset:020} 00000 n \n"), false),
        (format!("{offset} 00000 n \n"), false),
        (format!("{offset:010} 00000 n%f \n"), false),
    ] {
        let file = with_table(&signed, &format!("{number} 1\n{entry}"));
        let expected = (!is_read).then_some(UnreadablePdf::CrossReferences);
        assert_eq!(rejected(&file), expected, "{entry:?}");
    }
}

/// Readers find an object through its entry, or by its number in the file.
#[test]
fn entries_lead_to_objects_with_their_numbers() {
    let (number, _) = content(&LETTER);
    let unused = Document::load_mem(&LETTER).unwrap().max_id + 5;
    let other = "<</Length 0>>stream\n\nendstream";
    let file = with_object_and_rows(&LETTER, number, other, |at| vec![(unused, 1, at, 0)]);
    assert_eq!(rejected(&file), Some(UnreadablePdf::CrossReferences));
}
