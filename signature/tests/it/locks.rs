//! Signatures that forbid later changes: certifications and locked fields.

use crate::letter::LETTER;
use crate::report::{as_json, changes, kind, reasons, report_on, with_revision};
use crate::signer::{FieldOptions, prepare, sign_with};

const SECOND: FieldOptions<'_> =
    FieldOptions { field: "Signature2", rect: "0 0 0 0", field_entries: "", entries: "" };

/// A signature reference with a transform method and its parameters.
fn reference(method: &str, parameters: &str) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/{method}/TransformParams\
         <</Type/TransformParams/V/1.2{parameters}>>>>]"
    )
}

/// A document time stamp is no change of a field.
const TIMESTAMP: &str = "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161";

#[test]
fn locks_of_an_earlier_signature_are_kept() {
    let all = reference("FieldMDP", "/Action/All");
    let this = reference("FieldMDP", "/Action/Include/Fields[(Signature2)]");
    let above = reference("FieldMDP", "/Action/Include/Fields[(Signature)]");
    let except_this = reference("FieldMDP", "/Action/Exclude/Fields[(Signature2)]");
    let except_other = reference("FieldMDP", "/Action/Exclude/Fields[(Other)]");
    let unknown = reference("FieldMDP", "/Action/Some");
    let fill = reference("DocMDP", "/P 2");
    let default = reference("DocMDP", "");
    let annotate = reference("DocMDP", "/P 3");
    let nothing = reference("DocMDP", "/P 1");
    let visible = FieldOptions { rect: "300 200 420 260", ..SECOND };
    let lock = |entries: &'static str| (entries, String::new());
    let transform = |entries: &String| ("", entries.clone());
    let (locked, certified) = (Some("lock_violated"), Some("certification_violated"));
    let cases = [
        ("all fields", transform(&all), SECOND, locked),
        ("this field", transform(&this), SECOND, locked),
        ("another field whose name begins like it", transform(&above), SECOND, None),
        ("all fields but this", transform(&except_this), SECOND, None),
        ("all fields but another", transform(&except_other), SECOND, locked),
        ("an unknown action", transform(&unknown), SECOND, locked),
        ("no changes", transform(&nothing), SECOND, certified),
        ("filling in, invisible", transform(&fill), SECOND, None),
        ("filling in, visible", transform(&fill), visible, certified),
        ("the default permission, visible", transform(&default), visible, certified),
        ("annotating, visible", transform(&annotate), visible, certified),
        ("a lock of all fields", lock("/Lock<</Action/All>>"), SECOND, locked),
        (
            "a lock of this field",
            lock("/Lock<</Action/Include/Fields[(Signature2)]>>"),
            SECOND,
            locked,
        ),
        ("a lock that forbids changes", lock("/Lock<</Action/Include/P 1>>"), SECOND, locked),
        ("a lock that allows filling in", lock("/Lock<</Action/Include/P 2>>"), SECOND, None),
        (
            "a lock that allows filling in, visible",
            lock("/Lock<</Action/Include/P 2>>"),
            visible,
            locked,
        ),
    ];
    for (name, (field_entries, entries), second, expected) in cases {
        let first = FieldOptions { field_entries, entries: &entries, ..FieldOptions::default() };
        let first = sign_with(&LETTER, &first);
        assert!(report_on(&first).passed, "{name}");
        let report = report_on(&sign_with(&first, &second));
        let context = format!("{name}: {:#}", as_json(&report));
        assert_eq!(report.passed, expected.is_none(), "{context}");
        assert!(changes(&report).iter().eq(expected.iter()), "{context}");
        if expected.is_some() {
            assert_eq!(reasons(&report), ["changed_after_signing"], "{context}");
            assert_eq!(kind(&report), "altered", "{context}");
        }
    }
}

/// Locks may be objects of their own, name fields in UTF-16, and name the parents of fields.
#[test]
fn locks_are_found_however_they_are_written() {
    let utf16 = "FEFF005300690067006E006100740075007200650032";
    let cases = [
        ("in UTF-16", format!("/Action/Include/Fields[<{utf16}>]"), "Signature2", true),
        (
            "with an escape",
            "/Action/Include/Fields[(Sig\\156ature2)]".to_owned(),
            "Signature2",
            true,
        ),
        ("another, in UTF-16", format!("/Action/Exclude/Fields[<{utf16}>]"), "Signature2", false),
    ];
    for (name, parameters, field, is_locked) in cases {
        for is_direct in [true, false] {
            let prepared = prepare(&LETTER, &FieldOptions::default(), |revision, signature| {
                let parameters = format!("<</Type/TransformParams/V/1.2{parameters}>>");
                let parameters = match is_direct {
                    true => parameters,
                    false => format!("{} 0 R", revision.add(parameters)),
                };
                let reference =
                    format!("<</TransformMethod/FieldMDP/TransformParams {parameters}>>");
                let reference = match is_direct {
                    true => format!("[{reference}]"),
                    false => {
                        let reference = revision.add(reference);
                        format!("{} 0 R", revision.add(format!("[{reference} 0 R]")))
                    }
                };
                revision.set(signature, "Reference", &reference);
            });
            let byte_range = prepared.correct_byte_range();
            let first = prepared.signed(byte_range);
            assert!(report_on(&first).passed, "{name}");
            let second = sign_with(&first, &FieldOptions { field, ..SECOND });
            let found = changes(&report_on(&second)).contains("lock_violated");
            assert_eq!(found, is_locked, "{name}, {is_direct}");
        }
    }
}

/// An update cannot remove the lock first.
#[test]
fn a_lock_cannot_be_removed() {
    let options = FieldOptions { field_entries: "/Lock<</Action/All>>", ..FieldOptions::default() };
    let locked = sign_with(&LETTER, &options);
    let removed = with_revision(&locked, |revision| {
        revision.set(revision.before.max_id, "Lock", "null");
    });
    assert!(changes(&report_on(&removed)).contains("field_changed"));
    let report = report_on(&sign_with(&removed, &SECOND));
    assert!(!report.passed && reasons(&report) == ["changed_after_signing"]);
    // Nor in the same update.
    let prepared = prepare(&locked, &SECOND, |revision, _| {
        revision.set(revision.before.max_id, "Lock", "null");
    });
    let byte_range = prepared.correct_byte_range();
    let report = report_on(&prepared.signed(byte_range));
    assert!(changes(&report).contains("lock_violated"), "{:#}", as_json(&report));
}

#[test]
fn invisible_document_time_stamps_are_never_forbidden() {
    let entries = reference("DocMDP", "/P 1");
    let field_entries = "/Lock<</Action/All/P 1>>";
    let first = FieldOptions { field_entries, entries: &entries, ..FieldOptions::default() };
    let first = sign_with(&LETTER, &first);
    let pretended = "/Type/DocTimeStamp/SubFilter/ETSI.CAdES.detached";
    for (stamp, rect, expected) in [
        (TIMESTAMP, "0 0 0 0", false),
        (TIMESTAMP, "300 200 420 260", true),
        (pretended, "0 0 0 0", true),
    ] {
        let stamped = with_revision(&first, |revision| {
            let stamp = revision.add(format!("<<{stamp}/Contents<00>/ByteRange[0 1 2 3]>>"));
            let field = revision.add(format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Stamp)/F 132/Rect[{rect}]/P {} 0 R\
                 /V {stamp} 0 R>>",
                revision.page()
            ));
            let first = revision.before.max_id;
            revision.set(
                revision.catalog(),
                "AcroForm",
                &format!("<</SigFlags 3/Fields[{first} 0 R {field} 0 R]>>"),
            );
        });
        let report = report_on(&stamped);
        assert_eq!(!changes(&report).is_empty(), expected, "{:#}", as_json(&report));
    }
}

/// A name, entries of the empty field, entries that signing sets, and the code of the change.
type FilledField = (&'static str, &'static str, &'static str, Option<&'static str>);

#[test]
fn signing_an_empty_field_may_lock_it() {
    let cases: [FilledField; 9] = [
        ("a lock", "/F 4", "/F 4/Lock<</Action/All>>", None),
        ("print and locked", "", "/F 132", None),
        ("print and locked, hidden before", "/F 2", "/F 132", None),
        ("read-only", "/F 132", "/F 132/Ff 1", None),
        ("the default flags", "/F 132", "/F 132/Ff 0", None),
        ("hidden", "/F 4", "/F 6", Some("field_changed")),
        ("another flag of fields", "/F 4", "/F 4/Ff 3", Some("field_changed")),
        ("another name", "/F 4/TU(a)", "/F 4/TU(b)", Some("field_changed")),
        ("an action", "/F 4", "/F 4/A<</S/JavaScript/JS(x)>>", Some("action_added")),
    ];
    let head = "/Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/Rect[0 0 0 0]";
    for (name, before, after, expected) in cases {
        let empty = with_revision(&LETTER, |revision| {
            let field = revision.add(format!("<<{head}{before}>>"));
            revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
            revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
        });
        let filled = |entries: &str| {
            with_revision(&empty, |revision| {
                let signature = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
                let field = revision.before.max_id;
                revision.write(field, format!("<<{head}{entries}/V {signature} 0 R>>"));
            })
        };
        let report = report_on(&filled(after));
        assert!(changes(&report).iter().eq(expected.iter()), "{name}: {:#}", as_json(&report));
    }
    // Without a signature, the same is a change.
    let empty = with_revision(&LETTER, |revision| {
        let field = revision.add(format!("<<{head}>>"));
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let flagged = with_revision(&empty, |revision| {
        let field = revision.before.max_id;
        revision.set(field, "F", "132");
    });
    assert_eq!(changes(&report_on(&flagged)), ["field_changed".to_owned()].into());
}

#[test]
fn the_appearance_of_a_filled_field_may_not_cover_the_page() {
    let large = with_revision(&LETTER, |revision| {
        let field = revision.add(format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/Rect[0 0 500 800]/P {} 0 R>>",
            revision.page()
        ));
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    });
    let filled = with_revision(&large, |revision| {
        let signature = revision.add("<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>");
        let field = revision.before.max_id;
        let appearance =
            revision.add("<</Subtype/Form/BBox[0 0 500 800]/Length 0>>stream\n\nendstream");
        revision.set(field, "AP", &format!("<</N {appearance} 0 R>>"));
        revision.set(field, "V", &format!("{signature} 0 R"));
    });
    let prepared = prepare(&filled, &FieldOptions::default(), |_, _| {});
    assert!(changes(&report_on(&prepared.file)).contains("signature_covers_page"));
}
