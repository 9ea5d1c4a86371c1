//! What the widgets of signatures and time stamps show.

use crate::evasions::{content, last_changes};
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{FieldOptions, Revision, sign, sign_with};

/// Adds fields with these entries and shows them on the first page.
fn add_fields(r: &mut Revision, fields: &[&str]) {
    let (page, signed) = (r.page(), r.before.max_id);
    let mut listed = format!("{signed} 0 R");
    for (index, entries) in fields.iter().enumerate() {
        let field =
            r.add(format!("<</FT/Sig/T(x{index})/Type/Annot/Subtype/Widget/F 4{entries}>>"));
        listed += &format!(" {field} 0 R");
    }
    r.set(page, "Annots", &format!("[{listed}]"));
    r.set(r.catalog(), "AcroForm", &format!("<</SigFlags 3/Fields[{listed}]>>"));
}

/// Adds a signature, or something that says that it is one.
fn add_signature(r: &mut Revision, kind: &str) -> u32 {
    r.add(format!("<<{kind}/Contents<00>/ByteRange[0 1 2 3]>>"))
}

fn found(file: &[u8], code: &str) -> bool {
    let (passed, codes) = last_changes(file);
    !passed && codes.contains(&code.to_owned())
}

#[test]
fn a_signature_stays_on_its_page() {
    let two_pages = with_revision(&LETTER, |r| {
        let pages = r.before.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap().0;
        let page = r.add(format!("<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 600 800]>>"));
        let kids = format!("[{} 0 R {page} 0 R]", r.page());
        r.write(pages, format!("<</Type/Pages/Count 2/Kids{kids}>>"));
    });
    let visible = FieldOptions { rect: "300 200 420 260", ..FieldOptions::default() };
    let signed = sign_with(&two_pages, &visible);
    assert_eq!(last_changes(&signed), (true, Vec::new()));
    let moved = with_revision(&signed, |r| {
        let (field, page) = (r.before.max_id, r.before.max_id - 2);
        r.set(page, "Annots", &format!("[{field} 0 R]"));
    });
    assert!(found(&moved, "annotation_added"));
    // Nor may a field move while it is signed.
    let empty = sign(&with_revision(&two_pages, |r| {
        let field = r.add("<</FT/Sig/T(y)/Type/Annot/Subtype/Widget/F 4/Rect[300 200 420 260]>>");
        r.set(r.page(), "Annots", &format!("[{field} 0 R]"));
        r.set(r.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    }));
    for is_moved in [false, true] {
        let file = with_revision(&empty, |r| {
            let (field, page) = (r.before.max_id - 2, r.before.max_id - 3);
            let signature = add_signature(r, "/Type/Sig");
            r.set(field, "V", &format!("{signature} 0 R"));
            if is_moved {
                r.set(page, "Annots", &format!("[{field} 0 R]"));
            }
        });
        assert_eq!(found(&file, "annotation_added"), is_moved);
    }
}

#[test]
fn appearances_do_not_hide_the_page() {
    let signed = sign(&LETTER);
    let cases: [(&str, &[&str]); 4] = [
        ("on another page than it names", &["/Rect[0 0 500 800]/P 9999 0 R"]),
        ("with five sides", &["/Rect[0 0 500 800 0]"]),
        ("in two parts", &["/Rect[0 0 300 400]", "/Rect[300 0 600 400]"]),
        ("with a side that is no number", &["/Rect[0 0 500 (800)]"]),
    ];
    for (name, fields) in cases {
        let file = with_revision(&signed, |r| {
            let large = r.add("<</Type/Page/MediaBox[0 0 99999 99999]>>");
            let mut entries = Vec::new();
            for field in fields {
                let signature = add_signature(r, "/Type/Sig");
                let field = field.replace("9999 0 R", &format!("{large} 0 R"));
                entries.push(format!("{field}/V {signature} 0 R"));
            }
            let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
            add_fields(r, &entries);
        });
        assert!(found(&file, "signature_covers_page"), "{name}: {:?}", last_changes(&file));
    }
    let small = with_revision(&signed, |r| {
        let signature = add_signature(r, "/Type/Sig");
        let entries = format!("/Rect[300 200 420 260]/V {signature} 0 R");
        add_fields(r, &[&entries]);
    });
    assert_eq!(last_changes(&small).1, Vec::<String>::new());
}

/// A rule over the text takes less than a point.
#[test]
fn thin_widgets_are_not_blank() {
    let signed = sign(&LETTER);
    for (rect, is_visible) in [("100 499.51 300 500.49", true), ("100 500 300 500", false)] {
        for value in ["", "/Type/DocTimeStamp"] {
            let file = with_revision(&signed, |r| {
                let shown = r.add(content("0 0 99 99 re f"));
                let mut entries = format!("/Rect[{rect}]/AP<</N {shown} 0 R>>");
                if !value.is_empty() {
                    let stamp = add_signature(r, value);
                    entries += &format!("/V {stamp} 0 R");
                }
                add_fields(r, &[&entries]);
            });
            assert_eq!(found(&file, "annotation_added"), is_visible, "{rect} {value}");
        }
    }
}

/// A field that has no type of its own, and names no parent from which readers would inherit it.
#[test]
fn fields_below_signature_fields_are_checked() {
    let signed = sign(&LETTER);
    for entries in ["/Kids[]", "/Kids[]/T(y)", ""] {
        for kind in ["Stamp", "Widget"] {
            let file = with_revision(&signed, |r| {
                let shown = r.add(content("0 0 99 99 re f"));
                let note = r.add(format!(
                    "<</Type/Annot/Subtype/{kind}/Rect[0 0 99 99]/AP<</N {shown} 0 R>>{entries}>>"
                ));
                let (signature, page) = (r.before.max_id, r.page());
                let field = r.add(format!("<</FT/Sig/T(x)/Kids[{note} 0 R]>>"));
                r.set(page, "Annots", &format!("[{signature} 0 R {note} 0 R]"));
                let form = format!("<</SigFlags 3/Fields[{signature} 0 R {field} 0 R]>>");
                r.set(r.catalog(), "AcroForm", &form);
            });
            let (passed, codes) = last_changes(&file);
            assert!(!passed && !codes.is_empty(), "{kind}{entries}");
        }
    }
}

/// Readers go from the top of the form down. What a field names as its parent need not be above it.
#[test]
fn fields_are_what_they_are_from_the_top() {
    let visible = FieldOptions { rect: "300 200 420 260", ..FieldOptions::default() };
    let signed = sign_with(&LETTER, &visible);
    let with = |write: fn(&mut Revision, u32) -> [u32; 2]| {
        last_changes(&with_revision(&signed, |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            let (signature, page) = (r.before.max_id, r.page());
            let [field, widget] = write(r, shown);
            r.set(page, "Annots", &format!("[{signature} 0 R {widget} 0 R]"));
            let form = format!("<</SigFlags 3/Fields[{signature} 0 R {field} 0 R]>>");
            r.set(r.catalog(), "AcroForm", &form);
        }))
    };
    let (passed, codes) = with(|r, shown| {
        let parent = r.add("<</FT/Sig/V(x)>>");
        let widget = r.add(format!(
            "<</Type/Annot/Subtype/Widget/Rect[0 0 99 99]/AP<</N {shown} 0 R>>/Parent {parent} 0 R>>"
        ));
        [r.add(format!("<</FT/Sig/T(x)/Kids[{widget} 0 R]>>")), widget]
    });
    assert!(!passed && codes.contains(&"annotation_added".to_owned()), "{codes:?}");
    let (passed, codes) = with(|r, shown| {
        let (old, above) = (r.before.max_id - 1, r.before.max_id + 3);
        let widget = r.add(format!(
            "<</FT/Sig/T(y)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/AP<</N {shown} 0 R>>\
             /Parent {above} 0 R>>"
        ));
        [r.add(format!("<</T(x)/V {old} 0 R/Kids[{widget} 0 R]>>")), widget]
    });
    assert!(!passed && codes.contains(&"field_value_changed".to_owned()), "{codes:?}");
    let (passed, codes) = with(|r, _| {
        let old = r.before.max_id;
        [r.add(format!("<</T(x)/Kids[{old} 0 R]>>")), old]
    });
    assert!(!passed && codes.contains(&"field_added".to_owned()), "{codes:?}");
}

/// A field whose parent is another field, which does not have it below.
#[test]
fn a_field_is_not_signed_with_another() {
    let empty = with_revision(&LETTER, |r| {
        let first = r.before.max_id + 1;
        let entries = "/FT/Sig/Type/Annot/Subtype/Widget/F 4/Rect[300 200 420 260]";
        r.add(format!("<</T(x){entries}>>"));
        let second = r.add(format!("<</T(y)/Parent {first} 0 R{entries}>>"));
        let listed = format!("[{first} 0 R {second} 0 R]");
        r.set(r.page(), "Annots", &listed);
        r.set(r.catalog(), "AcroForm", &format!("<</Fields{listed}>>"));
    });
    let signed = sign(&empty);
    assert!(last_changes(&signed).0);
    let (passed, codes) = last_changes(&with_revision(&signed, |r| {
        let second = r.before.max_id - 2;
        let signature = add_signature(r, "/Type/Sig");
        let shown = r.add(content("0 0 99 99 re f"));
        r.set(second - 1, "V", &format!("{signature} 0 R"));
        r.set(second, "AP", &format!("<</N {shown} 0 R>>"));
    }));
    assert!(!passed && codes == ["field_changed"], "{codes:?}");
}

/// Anybody can obtain a time stamp, so nobody answers for what it shows.
#[test]
fn time_stamps_show_nothing() {
    let signed = sign(&LETTER);
    let with = |kind: &str, rect: &str| {
        with_revision(&signed, |r| {
            let shown = r.add(content("0 0 99 99 re f"));
            let signature = add_signature(r, kind);
            let entries = format!("/Rect[{rect}]/V {signature} 0 R/AP<</N {shown} 0 R>>");
            add_fields(r, &[&entries]);
        })
    };
    for kind in ["/Type/DocTimeStamp/SubFilter/ETSI.RFC3161", "/Type/Sig/SubFilter/ETSI.RFC3161"] {
        assert!(found(&with(kind, "0 0 99 99"), "annotation_added"), "{kind}");
        assert_eq!(last_changes(&with(kind, "0 0 0 0")).1, Vec::<String>::new(), "{kind}");
    }
}

/// Poppler draws the background of a field without an appearance.
#[test]
fn empty_fields_have_no_background() {
    let signed = sign(&LETTER);
    let with = |entries: &str| with_revision(&signed, |r| add_fields(r, &[entries]));
    for characteristics in ["/MK<</BG[1 1 1]>>", "/MK<</BC[0 0 0]>>"] {
        let file = with(&format!("/Rect[0 0 99 99]{characteristics}"));
        assert!(found(&file, "annotation_added"), "{characteristics}");
    }
    assert_eq!(last_changes(&with("/Rect[0 0 99 99]/MK<<>>")), (true, Vec::new()));
    assert_eq!(last_changes(&with("/Rect[0 0 0 0]/MK<</BG[1 1 1]>>")), (true, Vec::new()));
}
