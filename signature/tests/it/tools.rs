//! What signing tools touch besides the signature: allowed if nothing else is shown or meant.

use lopdf::{Object, Writer};
use serde_json::json;

use crate::letter::LETTER;
use crate::report::{as_json, changes, kind, report_on, with_revision};
use crate::signer::{FieldOptions, Revision, prepare, sign};

/// A name, the first revision, the second, and the codes of the changes.
type Case = (&'static str, fn(&mut Revision), fn(&mut Revision), &'static [&'static str]);

fn nothing(_: &mut Revision) {}

/// A revision that also sets the date, as tools do.
fn dated(file: &[u8], write: fn(&mut Revision)) -> Vec<u8> {
    with_revision(file, |revision| {
        let info = revision.before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
        revision.set(info, "ModDate", "(D:20260301000000Z)");
        write(revision);
    })
}

/// The number of the root of the page tree.
fn page_tree(revision: &Revision) -> u32 {
    let pages = revision.before.catalog().unwrap().get(b"Pages").unwrap();
    pages.as_reference().unwrap().0
}

/// Adds a copy of the catalog, with further entries, and makes it the root.
fn move_root(revision: &mut Revision, entries: &str) {
    let mut catalog = revision.text(revision.catalog());
    catalog.truncate(catalog.len() - 2);
    catalog.extend_from_slice(entries.as_bytes());
    catalog.extend_from_slice(b">>");
    let moved = revision.add(catalog);
    revision.trailer.insert("Root", format!("{moved} 0 R"));
}

fn trailer(revision: &mut Revision, key: &'static str, value: &str) {
    revision.trailer.insert(key, value.to_owned());
}

/// Adds a stream that LibreOffice would open instead of the pages.
fn additional_stream(revision: &mut Revision) {
    let stream = revision.add("<</Length 1>>stream\nx\nendstream");
    trailer(revision, "ID", &format!("[<00><01>]/AdditionalStreams[/odt {stream} 0 R]"));
}

const CASES: [Case; 35] = [
    (
        "@signpdf's type of the form",
        nothing,
        |r| r.set(r.catalog(), "AcroForm", "<</Type/AcroForm/SigFlags 3/Fields[]>>"),
        &[],
    ),
    (
        "another type of the form",
        nothing,
        |r| r.set(r.catalog(), "AcroForm", "<</Type/Page/SigFlags 3/Fields[]>>"),
        &["form_changed"],
    ),
    (
        "another type than before",
        |r| r.set(r.catalog(), "AcroForm", "<</Type/Form/SigFlags 3/Fields[]>>"),
        |r| r.set(r.catalog(), "AcroForm", "<</Type/AcroForm/SigFlags 3/Fields[]>>"),
        &["form_changed"],
    ),
    ("iText's version", nothing, |r| r.set(page_tree(r), "ITXT", "(2.1.7)"), &[]),
    (
        "iText's version as an object",
        nothing,
        |r| r.set(page_tree(r), "ITXT", "<</Type/Pages>>"),
        &["page_tree_changed"],
    ),
    (
        "another entry of the page tree",
        nothing,
        |r| r.set(page_tree(r), "Rotate", "90"),
        &["page_tree_changed"],
    ),
    ("another identifier", nothing, |r| trailer(r, "ID", "[<00><01>]"), &[]),
    ("no identifier", nothing, |r| trailer(r, "ID", ""), &[]),
    ("half an identifier", nothing, |r| trailer(r, "ID", "[<00>]"), &["trailer_changed"]),
    ("an identifier of objects", nothing, |r| trailer(r, "ID", "[1 0 R(x)]"), &["trailer_changed"]),
    ("a moved root", nothing, |r| move_root(r, ""), &[]),
    (
        "a moved root with a script",
        nothing,
        |r| move_root(r, "/OpenAction<</S/JavaScript/JS(x)>>"),
        &["action_added"],
    ),
    (
        "a moved root with another entry",
        nothing,
        |r| move_root(r, "/OCProperties<<>>"),
        &["catalog_changed"],
    ),
    (
        "a root that was there for another purpose",
        |r| {
            r.add(r.text(r.catalog()));
        },
        |r| {
            let last = r.before.max_id;
            trailer(r, "Root", &format!("{last} 0 R"));
        },
        &["trailer_changed"],
    ),
    (
        "whole numbers",
        |r| r.set(r.page(), "CropBox", "[0 0 612.0 792.0]"),
        |r| r.set(r.page(), "CropBox", "[0.0 0 612 792]"),
        &[],
    ),
    (
        "other numbers",
        |r| r.set(r.page(), "CropBox", "[0 0 612.0 792.0]"),
        |r| r.set(r.page(), "CropBox", "[0 0 612.5 792]"),
        &["page_changed"],
    ),
    (
        "a real outside an array",
        |r| r.set(r.page(), "Rotate", "90"),
        |r| r.set(r.page(), "Rotate", "90.0"),
        &["page_changed"],
    ),
    (
        "more default resources",
        |r| form(r, "/DR<</Font<</A 1 0 R>>>>"),
        |r| form(r, "/DR<</Font<</A 1 0 R/B 2 0 R>>/XObject<<>>>>"),
        &[],
    ),
    (
        "other default resources",
        |r| text_form(r, "/DR<</Font<</A 1 0 R>>>>"),
        |r| replace_resources(r, "<</Font<</A 2 0 R>>>>"),
        &["form_changed"],
    ),
    (
        "other default resources, which no field uses",
        |r| form(r, "/DR<</Font<</A 1 0 R>>>>"),
        |r| form(r, "/DR<</XObject<</B 2 0 R>>>>"),
        &[],
    ),
    (
        "fewer default resources",
        |r| text_form(r, "/DR<</Font<</A 1 0 R>>>>"),
        |r| replace_resources(r, "<<>>"),
        &["form_changed"],
    ),
    (
        "default resources of a page",
        |r| {
            let fonts = r.add("<</A 1 0 R>>");
            r.set(r.page(), "Resources", &format!("<</Font {fonts} 0 R>>"));
            form(r, &format!("/DR<</Font {fonts} 0 R>>"));
        },
        |r| {
            let fonts = r.before.max_id;
            r.write(fonts, "<</A 1 0 R/B 2 0 R>>");
        },
        &["page_content_changed"],
    ),
    (
        "default resources in an object of their own",
        |r| {
            let resources = r.add("<</Font<</A 1 0 R>>>>");
            form(r, &format!("/DR {resources} 0 R"));
        },
        |r| {
            let resources = r.before.max_id;
            r.write(resources, "<</Font<</A 1 0 R/B 2 0 R>>>>");
        },
        &[],
    ),
    (
        "LibreOffice's checksum",
        |r| trailer(r, "ID", "[<00><01>]/DocChecksum/AB/AdditionalStreams[/x 1 0 R]"),
        |r| trailer(r, "ID", "[<00><01>]"),
        &[],
    ),
    ("a copied additional stream", additional_stream, additional_stream, &[]),
    (
        "another additional stream",
        additional_stream,
        |r| {
            let stream = r.add("<</Length 1>>stream\ny\nendstream");
            trailer(r, "ID", &format!("[<00><01>]/AdditionalStreams[/odt {stream} 0 R]"));
        },
        &["trailer_changed"],
    ),
    (
        "an additional stream that leads to nothing",
        additional_stream,
        |r| trailer(r, "ID", "[<00><01>]/AdditionalStreams[/odt 999 0 R]"),
        &[],
    ),
    (
        "an additional stream that leads to a dictionary",
        additional_stream,
        |r| trailer(r, "ID", &format!("[<00><01>]/AdditionalStreams[/odt {} 0 R]", r.catalog())),
        &[],
    ),
    (
        "an additional stream that leads to a stream of a page",
        additional_stream,
        |r| {
            let content =
                r.dictionary(r.page()).get(b"Contents").unwrap().as_reference().unwrap().0;
            trailer(r, "ID", &format!("[<00><01>]/AdditionalStreams[/odt {content} 0 R]"));
        },
        &["trailer_changed"],
    ),
    (
        "an additional stream in place of nothing",
        |r| {
            let missing = r.before.max_id + 1;
            trailer(r, "ID", &format!("[<00><01>]/AdditionalStreams[/odt {missing} 0 R]"));
        },
        additional_stream,
        &["trailer_changed"],
    ),
    (
        "another checksum",
        |r| trailer(r, "ID", "[<00><01>]/DocChecksum/AB"),
        |r| trailer(r, "ID", "[<00><01>]/DocChecksum/AC"),
        &["trailer_changed"],
    ),
    ("a higher version", nothing, |r| r.set(r.catalog(), "Version", "/2.0"), &[]),
    ("a new extension", nothing, |r| extension(r, 3), &[]),
    ("a higher extension", |r| extension(r, 3), |r| extension(r, 8), &[]),
    (
        "no extension",
        |r| extension(r, 3),
        |r| r.set(r.catalog(), "Extensions", "null"),
        &["catalog_changed"],
    ),
];

/// Writes the extension level of Adobe.
fn extension(revision: &mut Revision, level: u8) {
    let entry = format!("<</ADBE<</BaseVersion/1.7/ExtensionLevel {level}>>>>");
    revision.set(revision.catalog(), "Extensions", &entry);
}

/// Writes the form without fields.
fn form(revision: &mut Revision, entries: &str) {
    revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[]{entries}>>"));
}

/// Writes the form with a text field, which uses the default resources.
fn text_form(revision: &mut Revision, entries: &str) {
    let field = revision.add("<</FT/Tx/T(x)/V(9)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>");
    let form = format!("<</Fields[{field} 0 R]{entries}>>");
    revision.set(revision.catalog(), "AcroForm", &form);
}

/// Writes that form with other default resources.
fn replace_resources(revision: &mut Revision, resources: &str) {
    let field = revision.before.max_id;
    let form = format!("<</Fields[{field} 0 R]/DR{resources}>>");
    revision.set(revision.catalog(), "AcroForm", &form);
}

#[test]
fn tools_may_write_things_differently_but_not_change_them() {
    for (name, first, second, expected) in CASES {
        let file = dated(&dated(&LETTER, first), second);
        let report = as_json(&report_on(&file));
        let found: Vec<&str> = report["revisions"][2]["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["code"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected, "{name}: {report:#}");
    }
}

#[test]
fn a_letter_signed_by_such_a_tool_passes_and_takes_a_second_signature() {
    let prepared = prepare(&LETTER, &FieldOptions::default(), |revision, _| {
        let pages = page_tree(revision);
        revision.set(pages, "ITXT", "(5.1.3)");
        trailer(revision, "ID", "[<0a><0b>]");
    });
    let byte_range = prepared.correct_byte_range();
    let signed = prepared.signed(byte_range);
    let report = report_on(&signed);
    assert!(report.passed && kind(&report) == "identical_signed", "{:#}", as_json(&report));
    let second = FieldOptions { field: "Signature2", ..FieldOptions::default() };
    let prepared = prepare(&signed, &second, |revision, _| trailer(revision, "ID", ""));
    let byte_range = prepared.correct_byte_range();
    let report = report_on(&prepared.signed(byte_range));
    assert!(report.passed, "{:#}", as_json(&report));
}

#[test]
fn an_unused_object_is_listed() {
    let file = with_revision(&sign(&LETTER), |revision| {
        revision.add("<</A 1>>");
    });
    let report = report_on(&file);
    assert_eq!(as_json(&report)["revisions"][2]["additions"], json!(["unused_object"]));
    assert!(report.passed);
}

/// The letter with a signature that two fields show.
fn shown_twice() -> Vec<u8> {
    let shared = prepare(&LETTER, &FieldOptions::default(), |revision, signature| {
        let other = revision.add(format!(
            "<</FT/Sig/T(other)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/V {signature} 0 R>>"
        ));
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
    let byte_range = shared.correct_byte_range();
    shared.signed(byte_range)
}

#[test]
fn a_signature_in_two_fields_is_one_signature() {
    let file = shown_twice();
    let report = report_on(&file);
    assert!(report.passed, "{:#}", as_json(&report));
    let signatures = as_json(&report)["signatures"].clone();
    assert_eq!(signatures.as_array().unwrap().len(), 1);
    assert_eq!(signatures[0]["field"], json!("Signature1、other"));
    // A later revision cannot show the signature in another place.
    let again = with_revision(&file, |revision| {
        let signature = revision.before.max_id - 2;
        let other = revision.add(format!(
            "<</FT/Sig/T(third)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/V {signature} 0 R>>"
        ));
        let fields = format!("[{} 0 R {} 0 R {other} 0 R]", signature + 1, signature + 2);
        revision.set(revision.catalog(), "AcroForm", &format!("<</SigFlags 3/Fields{fields}>>"));
    });
    let report = report_on(&again);
    assert!(changes(&report).contains("field_value_changed"), "{:#}", as_json(&report));
    assert!(!report.passed);
}
