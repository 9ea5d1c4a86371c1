//! Changes in files that were prepared for them before they were signed, and fields without a signature.

use hongtou_signature::verify::verify;

use crate::evasions::{content, last_changes};
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{FieldOptions, Revision, VALIDATION_TIME, prepare, sign, sign_with, trust};

/// A name, what is prepared before signing, the attack on the signed file, and the code to be found.
type Evasion = (&'static str, fn(&mut Revision), fn(&mut Revision), &'static str);

/// An update that matters to no attack.
fn anything(r: &mut Revision) {
    r.add("<<>>");
}

/// The number of the object that `prepare` adds last, in the signed file: signature and field follow it.
fn prepared(revision: &Revision) -> u32 {
    revision.before.max_id - 2
}

/// Makes an empty signature field of a third of the page, which no signature covers yet.
fn large_empty_field(r: &mut Revision) {
    let field = r.add("<</FT/Sig/T(Empty)/Type/Annot/Subtype/Widget/F 4/Rect[0 0 400 400]>>");
    r.set(r.page(), "Annots", &format!("[{field} 0 R]"));
    r.set(r.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
}

/// Makes a text field with a value and an appearance.
fn text_field(r: &mut Revision) {
    let shown = r.add("<</Subtype/Form/BBox[0 0 99 9]/Length 9>>stream\nBT 100 ET\nendstream");
    let field = r.add(format!(
        "<</FT/Tx/T(Sum)/V(100)/Type/Annot/Subtype/Widget/F 4/Rect[0 0 99 9]/AP<</N {shown} 0 R>>>>"
    ));
    r.set(r.page(), "Annots", &format!("[{field} 0 R]"));
    r.set(r.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
}

/// The numbers of the signed field and of a new one, as a list.
fn fields(r: &Revision, field: u32) -> String {
    format!("<</SigFlags 3/Fields[{} 0 R {field} 0 R]>>", r.before.max_id)
}

fn add_field(r: &mut Revision, entries: &str) {
    let field = r.add(format!("<</FT/Sig/T(x)/Type/Annot/Subtype/Widget{entries}>>"));
    let annotations = format!("[{} 0 R {field} 0 R]", r.before.max_id);
    r.set(r.page(), "Annots", &annotations);
    r.set(r.catalog(), "AcroForm", &fields(r, field));
}

const EVASIONS: [Evasion; 22] = [
    (
        "an appearance for an empty field that stays unsigned",
        large_empty_field,
        |r| {
            let shown = r.add(content("0 0 400 400 re f"));
            r.set(prepared(r), "AP", &format!("<</N {shown} 0 R>>"));
        },
        "field_changed",
    ),
    (
        "a new empty field with an appearance",
        anything,
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            add_field(r, &format!("/Rect[0 0 99 99]/AP<</N {shown} 0 R>>"));
        },
        "annotation_added",
    ),
    (
        "a new field whose widget has an appearance, without a signature",
        anything,
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            let field = r.before.max_id + 3;
            let widget = r.add(format!(
                "<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/Parent {field} 0 R/AP<</N {shown} 0 R>>>>"
            ));
            r.add(format!("<</FT/Sig/T(x)/Kids[{widget} 0 R]>>"));
            r.set(r.page(), "Annots", &format!("[{} 0 R {widget} 0 R]", r.before.max_id));
            r.set(r.catalog(), "AcroForm", &fields(r, field));
        },
        "annotation_added",
    ),
    (
        "a second widget of a signed field",
        anything,
        |r| {
            let field = r.before.max_id;
            let shown = r.add(content("0 0 99 99 re f"));
            let widget = r.add(format!(
                "<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/Parent {field} 0 R/AP<</N {shown} 0 R>>>>"
            ));
            r.set(field, "Kids", &format!("[{widget} 0 R]"));
            r.set(r.page(), "Annots", &format!("[{field} 0 R {widget} 0 R]"));
        },
        "field_changed",
    ),
    (
        "a new appearance of a signed field",
        anything,
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            r.set(r.before.max_id, "AP", &format!("<</N {shown} 0 R>>"));
        },
        "field_changed",
    ),
    (
        "content that is metadata, too",
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            r.set(r.page(), "Contents", &format!("{shown} 0 R"));
            r.set(r.catalog(), "Metadata", &format!("{shown} 0 R"));
        },
        |r| r.write(prepared(r), content("0 0 10 10 re f")),
        "page_content_changed",
    ),
    (
        "content that is validation data, too",
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            r.set(r.page(), "Contents", &format!("{shown} 0 R"));
            r.set(r.catalog(), "DSS", &format!("<</Certs[{shown} 0 R]>>"));
        },
        |r| r.write(prepared(r), content("0 0 10 10 re f")),
        "page_content_changed",
    ),
    (
        "an appearance that is validation data, too",
        |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            let note = r
                .add(format!("<</Type/Annot/Subtype/Stamp/Rect[0 0 99 99]/AP<</N {shown} 0 R>>>>"));
            r.set(r.page(), "Annots", &format!("[{note} 0 R]"));
            r.set(r.catalog(), "DSS", &format!("<</Certs[{shown} 0 R]>>"));
        },
        |r| r.write(prepared(r) - 1, content("0 0 10 10 re f")),
        "object_changed",
    ),
    (
        "fonts that are the document information, too",
        |r| {
            let fonts = r.add("<</Producer 1 0 R>>");
            r.set(r.page(), "Resources", &format!("<</Font {fonts} 0 R>>"));
            r.trailer.insert("Info", format!("{fonts} 0 R"));
        },
        |r| r.write(prepared(r), "<</Producer 2 0 R>>"),
        "metadata_changed",
    ),
    (
        "fonts that are default resources, too",
        |r| {
            let fonts = r.add("<</Font<</A 1 0 R>>>>");
            r.set(r.page(), "Resources", &format!("{fonts} 0 R"));
        },
        |r| r.write(prepared(r), "<</Font<</A 2 0 R>>>>"),
        "page_content_changed",
    ),
    (
        "a missing object that is filled in",
        |r| {
            let missing = r.before.max_id + 3;
            r.set(r.page(), "Contents", &format!("[{missing} 0 R]"));
        },
        |r| {
            r.add(content("0 0 99 99 re f"));
        },
        "object_filled_in",
    ),
    (
        "layers that are switched",
        |r| {
            let layers = r.add("<</OCGs[1 0 R]/D<</OFF[1 0 R]>>>>");
            r.set(r.catalog(), "OCProperties", &format!("{layers} 0 R"));
        },
        |r| r.write(prepared(r), "<</OCGs[1 0 R]/D<</OFF[]>>>>"),
        "object_changed",
    ),
    (
        "the appearance of a text field but not its value",
        text_field,
        |r| {
            r.write(
                prepared(r) - 1,
                "<</Subtype/Form/BBox[0 0 99 9]/Length 9>>stream\nBT 999 ET\nendstream",
            );
        },
        "object_changed",
    ),
    (
        "the value of a text field but not its appearance",
        text_field,
        |r| r.set(prepared(r), "V", "(999)"),
        "field_value_changed",
    ),
    (
        "a text field without its appearance",
        text_field,
        |r| r.set(prepared(r), "AP", "<<>>"),
        "field_changed",
    ),
    (
        "appearances that readers generate again",
        text_field,
        |r| {
            let form = format!(
                "<</SigFlags 3/Fields[{} 0 R {} 0 R]/NeedAppearances true>>",
                prepared(r),
                r.before.max_id
            );
            r.set(r.catalog(), "AcroForm", &form);
        },
        "form_changed",
    ),
    (
        "a field that is no longer one",
        text_field,
        |r| {
            let form = format!("<</SigFlags 3/Fields[{} 0 R]>>", r.before.max_id);
            r.set(r.catalog(), "AcroForm", &form);
        },
        "field_removed",
    ),
    (
        "a field that is a signature field from now on",
        text_field,
        |r| r.set(prepared(r), "FT", "/Sig"),
        "field_changed",
    ),
    (
        "a script in the form",
        anything,
        |r| {
            let form = format!("<</SigFlags 3/Fields[{} 0 R]/XFA(x)>>", r.before.max_id);
            r.set(r.catalog(), "AcroForm", &form);
        },
        "action_added",
    ),
    (
        "a lower version",
        |r| r.set(r.catalog(), "Version", "/1.7"),
        |r| r.set(r.catalog(), "Version", "/1.3"),
        "catalog_changed",
    ),
    (
        "a page box inherited from another parent",
        anything,
        |r| {
            let pages = r.add("<</Type/Pages/Count 1/Kids[]/MediaBox[0 0 9 9]>>");
            r.set(r.page(), "Parent", &format!("{pages} 0 R"));
        },
        "page_changed",
    ),
    (
        "a signature that covers a quarter of what a small page box shows",
        |r| r.set(r.page(), "CropBox", "[0 0 100 100]"),
        |r| {
            let signature = r.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
            let page = r.page();
            add_field(r, &format!("/Rect[0 0 100 90]/P {page} 0 R/V {signature} 0 R"));
        },
        "signature_covers_page",
    ),
];

#[test]
fn prepared_files_do_not_hide_changes() {
    let mut wrong = Vec::new();
    for (name, prepare, attack, expected) in EVASIONS {
        let signed = sign(&with_revision(&LETTER, prepare));
        let before = verify(&signed, None, &trust(), VALIDATION_TIME);
        let (passed, codes) = last_changes(&with_revision(&signed, attack));
        if !before.is_ok_and(|before| before.passed)
            || passed
            || !codes.contains(&expected.to_owned())
        {
            wrong.push((name, passed, codes));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_no_signature_does_not_pass() {
    let visible =
        FieldOptions { field: "Signature2", rect: "300 200 420 260", ..FieldOptions::default() };
    let signed = sign(&LETTER);
    let real = sign_with(&signed, &visible);
    assert!(verify(&real, None, &trust(), VALIDATION_TIME).unwrap().passed);
    for value in [
        "<</Type/Sig>>",
        "<</Type/Sig/Contents<>/ByteRange[0 1 2 3]>>",
        "<</Type/Sig/Contents null/ByteRange null>>",
        "<</Type/Sig/Contents<0000>/ByteRange 1 0 R>>",
        "<</Type/Sig/Contents<3000>/ByteRange[]>>",
        "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/Contents<00>/ByteRange[0 0 0 0]>>",
    ] {
        for is_direct in [true, false] {
            let file = with_revision(&signed, |r| {
                let page = r.page();
                let value =
                    if is_direct { value.to_owned() } else { format!("{} 0 R", r.add(value)) };
                add_field(r, &format!("/Rect[0 0 9 9]/P {page} 0 R/V {value}"));
            });
            let report = verify(&file, None, &trust(), VALIDATION_TIME).unwrap();
            assert!(!report.passed && report.signatures.len() == 2, "{value}");
        }
    }
}

/// A name and a change.
type Attack = (&'static str, fn(&mut Revision));

/// The letter, signed in a field with a widget of its own.
fn signed_with_widget(widget_entries: &str) -> Vec<u8> {
    let prepared = prepare(&LETTER, &FieldOptions::default(), |r, signature| {
        let field = signature + 1;
        let shown = r.add(content("0 0 9 9 re f"));
        let widget = r.add(format!(
            "<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/Parent {field} 0 R/AP<</N {shown} 0 R>>\
             {widget_entries}>>"
        ));
        let entries = format!("/T(Signature1)/V {signature} 0 R/Kids[{widget} 0 R]");
        r.write(field, format!("<</FT/Sig{entries}>>"));
    });
    let byte_range = prepared.correct_byte_range();
    prepared.signed(byte_range)
}

/// iText writes widgets that are fields with the name of the field above them, too.
#[test]
fn widgets_of_signed_fields_keep_their_appearance() {
    for widget_entries in ["", "/T(Signature1)"] {
        let signed = signed_with_widget(widget_entries);
        let report = verify(&signed, None, &trust(), VALIDATION_TIME).unwrap();
        assert!(report.passed && report.signatures.len() == 1, "{widget_entries}");
        let attacks: [Attack; 4] = [
            ("another appearance", |r| r.set(r.before.max_id, "AP", "<<>>")),
            ("another appearance, with an empty value", |r| {
                r.set(r.before.max_id, "AP", "<<>>");
                r.set(r.before.max_id, "V", "<<>>");
            }),
            ("a named widget", |r| add_kid(r, "/T(x)")),
            ("a nameless widget", |r| add_kid(r, "")),
        ];
        for (name, attack) in attacks {
            let (passed, codes) = last_changes(&with_revision(&signed, attack));
            let is_found = codes.contains(&"field_changed".to_owned());
            assert!(!passed && is_found, "{widget_entries}, {name}: {codes:?}");
        }
    }
}

/// Adds a widget to the field of `signed_with_widget`.
fn add_kid(r: &mut Revision, entries: &str) {
    let widget = r.before.max_id;
    let field = widget - 2;
    let shown = r.add(content("0 0 99 99 re f"));
    let other = r.add(format!(
        "<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/Parent {field} 0 R/AP<</N {shown} 0 R>>{entries}>>"
    ));
    r.set(field, "Kids", &format!("[{widget} 0 R {other} 0 R]"));
}

/// An empty field with a widget of its own is not signed by a value that no reader finds.
#[test]
fn widgets_of_empty_fields_are_signed_through_their_field() {
    let empty = sign(&with_revision(&LETTER, |r| {
        let field = r.before.max_id + 2;
        let widget =
            r.add(format!("<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/Parent {field} 0 R>>"));
        r.add(format!("<</FT/Sig/T(Empty)/Kids[{widget} 0 R]>>"));
        r.set(r.page(), "Annots", &format!("[{widget} 0 R]"));
        r.set(r.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    }));
    assert!(verify(&empty, None, &trust(), VALIDATION_TIME).unwrap().passed);
    let (passed, codes) = last_changes(&with_revision(&empty, |r| {
        let shown = r.add(content("0 0 99 99 re f"));
        let widget = prepared(r) - 1;
        r.set(widget, "AP", &format!("<</N {shown} 0 R>>"));
        r.set(widget, "V", "<<>>");
    }));
    assert!(!passed && codes.contains(&"field_value_changed".to_owned()), "{codes:?}");
}
