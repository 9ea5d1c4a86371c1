//! Attacks on signed files: each change is found and fails the signature.

use hongtou_signature::verify::verify;
use lopdf::{Document, Object};
use serde_json::{Value, json};

use crate::letter::LETTER;
use crate::report::{as_json, certified, changes, kind, reasons, report_on, with_revision};
use crate::signer::{FieldOptions, Revision, VALIDATION_TIME, sign, sign_with, trust};

const BLANK: &str = "<</Length 0>>stream\n\nendstream";

/// A name, a change to a signed letter, and the codes that must be found.
type Attack = (&'static str, fn(&mut Revision), &'static [&'static str]);

const ATTACKS: [Attack; 21] = [
    (
        "a duplicate page content entry",
        |r| {
            let content = r.add(BLANK);
            let mut page = r.text(r.page());
            page.splice(2..2, format!("/Contents {content} 0 R").into_bytes());
            r.write(r.page(), page);
        },
        &["entry_twice"],
    ),
    (
        "other page content",
        |r| {
            let content = r.add(BLANK);
            r.set(r.page(), "Contents", &format!("{content} 0 R"));
        },
        &["page_content_changed"],
    ),
    (
        "an overwritten content stream",
        |r| {
            let content = r.dictionary(r.page()).get(b"Contents").unwrap().as_reference().unwrap();
            r.write(content.0, BLANK);
        },
        &["page_content_changed"],
    ),
    ("other resources", |r| r.set(r.page(), "Resources", "<<>>"), &["page_content_changed"]),
    (
        "an overwritten font",
        |r| {
            let is_font = |object: &Object| {
                object
                    .as_dict()
                    .is_ok_and(|font| font.has_type(b"Font") && font.has(b"DescendantFonts"))
            };
            let fonts = r.before.objects.iter().find(|(_, object)| is_font(object));
            let font = fonts.unwrap().0.0;
            r.set(font, "ToUnicode", "null");
        },
        &["page_content_changed"],
    ),
    (
        "an added page",
        |r| {
            let pages =
                r.before.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap().0;
            let page = r.add(format!("<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 9 9]>>"));
            r.set(pages, "Kids", &format!("[{} 0 R {page} 0 R]", r.page()));
            r.write(pages, format!("<</Type/Pages/Count 2/Kids[{} 0 R {page} 0 R]>>", r.page()));
        },
        &["page_added", "page_tree_changed"],
    ),
    (
        "a replaced page",
        |r| {
            let pages =
                r.before.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap().0;
            let page = r.add(format!("<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 9 9]>>"));
            r.write(pages, format!("<</Type/Pages/Count 1/Kids[{page} 0 R]>>"));
        },
        &["page_added", "page_removed", "page_tree_changed"],
    ),
    (
        "another page tree",
        |r| {
            let pages = r.add(format!("<</Type/Pages/Count 1/Kids[{} 0 R]>>", r.page()));
            r.set(r.catalog(), "Pages", &format!("{pages} 0 R"));
        },
        &["catalog_changed"],
    ),
    ("another page size", |r| r.set(r.page(), "MediaBox", "[0 0 100 100]"), &["page_changed"]),
    (
        "a text box over the page",
        |r| {
            let note =
                r.add("<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/Contents(0)/DA(/F 9 Tf)>>");
            annotate(r, note);
        },
        &["annotation_added"],
    ),
    (
        "a link with a script",
        |r| {
            let link = r.add("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/JavaScript/JS(x)>>>>");
            annotate(r, link);
        },
        &["annotation_added"],
    ),
    (
        "the signature removed from the page",
        |r| r.set(r.page(), "Annots", "[]"),
        &["annotation_removed"],
    ),
    (
        "a script on opening",
        |r| {
            r.set(r.catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>");
        },
        &["action_added"],
    ),
    (
        "a script in the name tree",
        |r| r.set(r.catalog(), "Names", "<</JavaScript<<>>>>"),
        &["catalog_changed"],
    ),
    (
        "a text field",
        |r| {
            let field = r.add("<</FT/Tx/T(x)/V(9)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>");
            add_field(r, field);
        },
        &["field_added"],
    ),
    (
        "a signature over the page",
        |r| {
            let field = r.add(format!(
                "<</FT/Sig/T(x)/Type/Annot/Subtype/Widget/Rect[0 0 500 800]/P {} 0 R>>",
                r.page()
            ));
            add_field(r, field);
        },
        &["signature_covers_page"],
    ),
    (
        "a signature with a script",
        |r| {
            let field = r.add("<</FT/Sig/T(x)/AA<</E<</S/JavaScript/JS(x)>>>>/Rect[0 0 0 0]>>");
            add_field(r, field);
        },
        &["action_added"],
    ),
    (
        "another title",
        |r| {
            let info = r.before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
            r.set(info, "Title", "(x)");
        },
        &["metadata_changed"],
    ),
    (
        "page content as validation data",
        |r| {
            let content = r.dictionary(r.page()).get(b"Contents").unwrap().as_reference().unwrap();
            r.set(r.catalog(), "DSS", &format!("<</Certs[{} 0 R]>>", content.0));
        },
        &["validation_data_malformed"],
    ),
    (
        "an overwritten signature",
        |r| {
            let signature = r.before.max_id - 1;
            r.write(signature, "<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        },
        &["signature_changed"],
    ),
    (
        "a moved signature",
        |r| {
            let field = r.before.max_id;
            r.set(field, "Rect", "[0 0 300 300]");
        },
        &["field_changed"],
    ),
];

fn annotate(revision: &mut Revision, note: u32) {
    let signature = revision.before.max_id;
    revision.set(revision.page(), "Annots", &format!("[{signature} 0 R {note} 0 R]"));
}

fn add_field(revision: &mut Revision, field: u32) {
    let signature = revision.before.max_id;
    let fields = format!("<</SigFlags 3/Fields[{signature} 0 R {field} 0 R]>>");
    revision.set(revision.catalog(), "AcroForm", &fields);
}

#[test]
fn changes_after_signing_are_found_and_fail_the_signature() {
    let signed = sign(&LETTER);
    for (name, attack, expected) in ATTACKS {
        let report = report_on(&with_revision(&signed, attack));
        let context = format!("{name}: {:#}", as_json(&report));
        assert_eq!(kind(&report), "altered", "{context}");
        assert_eq!(
            changes(&report),
            expected.iter().map(|code| (*code).to_owned()).collect(),
            "{context}"
        );
        assert!(!report.passed, "{context}");
        let first = as_json(&report)["signatures"][0].clone();
        assert_eq!(first["judgement"]["indication"], json!("TOTAL-FAILED"), "{context}");
        // Without the original, the changes after signing still fail the signature.
        let alone = as_json(
            &verify(&with_revision(&signed, attack), None, &trust(), VALIDATION_TIME).unwrap(),
        );
        assert_eq!(alone["derivation"], Value::Null);
        assert_eq!(alone["signatures"][0]["later_changes"], first["later_changes"], "{context}");
        assert_eq!(alone["passed"], json!(false), "{context}");
    }
}

#[test]
fn changes_before_signing_are_found_and_do_not_fail_the_signature() {
    for (name, attack, expected) in &ATTACKS[..3] {
        let report = report_on(&sign(&with_revision(&LETTER, attack)));
        assert_eq!(kind(&report), "altered", "{name}");
        assert!(changes(&report).iter().eq(*expected), "{name}");
        assert!(!report.passed && reasons(&report).is_empty(), "{name}: {:#}", as_json(&report));
    }
}

#[test]
fn content_that_only_some_readers_show_is_a_change() {
    let signed = sign(&LETTER);
    let append = |more: &str| [signed.as_slice(), more.as_bytes()].concat();
    let at = Document::load_mem(&signed).unwrap().xref_start;
    let mut alone = Revision::on(&signed);
    alone.set(alone.catalog(), "Lang", "(x)");
    let old = alone.before.xref_start;
    let alone = String::from_utf8_lossy(&alone.written()[signed.len()..])
        .replace(&format!("/Prev {old}"), "");
    let cases = [
        ("objects without cross-references", append("9 0 obj\n<<>>\nendobj\n"), "trailing_bytes"),
        (
            "objects that reuse the cross-references",
            append(&format!("1 0 obj\n<<>>\nendobj\nstartxref\n{at}\n%%EOF\n")),
            "trailing_bytes",
        ),
        ("a comment at the end", append("% paid"), "trailing_bytes"),
    ];
    for (name, file, expected) in cases {
        let report = report_on(&file);
        assert_eq!(kind(&report), "altered", "{name}");
        assert!(changes(&report).contains(expected), "{name}: {:?}", changes(&report));
        assert_eq!(reasons(&report)[0], "changed_after_signing", "{name}");
    }
    // The last cross-references do not refer to the previous ones.
    assert!(verify(&append(&alone), Some(&LETTER), &trust(), VALIDATION_TIME).is_err());
}

#[test]
fn a_certification_signature_forbids_further_signatures() {
    let second = FieldOptions { field: "Signature2", ..FieldOptions::default() };
    let report = report_on(&sign_with(&certified(), &second));
    assert_eq!(
        (kind(&report), changes(&report)),
        ("altered", ["certification_violated".to_owned()].into())
    );
}
