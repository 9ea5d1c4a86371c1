//! The limits of the input format by type and key, compared with those that the checks apply.

use hongtou_rules::document::masthead::number::DocumentNumber;
use hongtou_rules::validate::limits;
use serde_json::{Value, json};

use crate::fixture::{self, answer};
use crate::input_reference::{definition, places, schema};

/// What bounds a value.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// The maximum number of characters of a text.
    Characters(usize),
    /// The maximum number of entries of a list.
    Entries(usize),
    /// The maximum number of entries of a list, and of characters of each entry.
    Texts(usize, usize),
    /// An integer between two bounds.
    Range(i64, i64),
}

/// The limit of a key, if it has one.
#[expect(clippy::match_same_arms, reason = "one row for each limit reads as a table")]
pub fn limit(name: &str, key: &str) -> Option<Limit> {
    use Limit::{Characters, Entries, Range, Texts};
    Some(match (name, key) {
        (_, "narrative") => Texts(limits::PARAGRAPHS, limits::PARAGRAPH),
        ("Submission", "opening" | "closing") | (_, "body") => Entries(limits::BLOCKS),
        ("PostedDocument", "issuers" | "signatories") => {
            let each = if key == "issuers" { limits::NAME } else { limits::SIGNATORY };
            Texts(limits::ISSUERS, each)
        }
        (_, "attachments") | ("PostedIndicator", "components") | ("PostedScores", "grades") => {
            Entries(limits::LIST)
        }
        (_, "primary_recipients") | ("PostedDocument", "copy_recipients") => {
            Texts(limits::LIST, limits::RECIPIENT)
        }
        ("IssuedText", "sign_off") => Texts(limits::ISSUED_SIGN_OFF, limits::NAME),
        ("PostedDocument", "sign_off" | "sign_off_positions") | ("PostedAttendance", _) => {
            Texts(limits::LIST, limits::NAME)
        }
        ("PostedDocument", "printing_office") | ("PostedMark", "text") => Characters(limits::NAME),
        ("PostedDocument", "copy_number") | ("PostedNumber", "serial") => Range(1, 999_999),
        ("PostedNumber", "agency_code") => Characters(DocumentNumber::MAX_AGENCY_CODE),
        ("PostedNumber", "year") => Range(1949, 2099),
        ("PostedClassification", "years") => Range(1, 30),
        ("PostedHeading" | "Text", "level") => Range(1, 4),
        ("PostedColumn", "width") => Range(1, 100),
        ("Cell", "column_span") => Range(1, i64::try_from(limits::COLUMNS).unwrap()),
        ("Cell", "row_span") => Range(1, i64::try_from(limits::ROWS).unwrap()),
        ("Cell", "text")
        | ("PostedGoal", _)
        | ("PostedProjectIndicator", "target" | "actual" | "reason") => Characters(limits::CELL),
        ("Text", "paragraph" | "article") | (_, "reason") => Characters(limits::PARAGRAPH),
        ("Text", "roster") => Entries(limits::LIST),
        ("PostedRosterGroup", "label") => Characters(limits::ROSTER_LABEL),
        ("PostedRosterGroup", "entries") => Texts(limits::LIST, limits::TITLE),
        ("PostedTable", "unit") => Characters(limits::NAME),
        ("PostedTable", "columns") => Entries(limits::COLUMNS),
        ("PostedTable" | "PostedTablePart", "head") => Entries(limits::HEAD_ROWS),
        ("PostedTable" | "PostedTablePart", "rows") => Entries(limits::ROWS),
        ("PostedTable", "sections") => Entries(limits::TABLE_SECTIONS),
        ("PostedScores", "sections") => Entries(limits::SECTIONS),
        ("PostedSection", "groups") => Entries(limits::GROUPS),
        (_, "indicators" | "items") => Entries(limits::INDICATORS),
        (_, "evidence") => Texts(limits::LIST, limits::TITLE),
        ("PostedProjectTable", "funds") => Entries(limits::LIST),
        ("PostedProjectTable", "details") => Entries(limits::DETAILS),
        ("PostedAttachment", "cover") => Entries(limits::COVER),
        ("PostedProjectTable", "notes") => Texts(limits::NOTES, limits::CELL),
        // Of the usual unit, 万元.
        ("PostedProjectTable", "decimals") => Range(0, 6),
        ("PostedFund", "level") => Range(1, 2),
        ("PostedComponent" | "PostedFund" | "PostedGrade", "name")
        | ("PostedProjectTable", "department" | "implementing_unit") => Characters(limits::NAME),
        ("Text", "chapter" | "section")
        | ("PostedProjectTable", "project_name")
        | ("PostedTable", "caption")
        | ("PostedProjectIndicator", "first_level" | "second_level")
        | (_, "title" | "note" | "annotation") => Characters(limits::TITLE),
        _ => return None,
    })
}

/// The findings, as one text, of a valid fixture with another value at a pointer.
fn findings(fixture: &str, pointer: &str, value: Value) -> String {
    let mut json: Value = serde_json::from_slice(&fixture::bytes("valid", fixture)).unwrap();
    *json.pointer_mut(pointer).unwrap() = value;
    answer(&serde_json::to_vec(&json).unwrap()).shown().to_string()
}

#[test]
fn the_checks_apply_every_limit() {
    let mut checked = 0;
    for ((name, key), (fixture, pointer)) in places(&schema()) {
        let Some(limit) = limit(&name, &key) else { continue };
        let json: Value = serde_json::from_slice(&fixture::bytes("valid", &fixture)).unwrap();
        let now = json.pointer(&pointer).unwrap();
        let text = |length: usize| Value::from("文".repeat(length));
        let list = |length: usize| Value::from(vec![now[0].clone(); length]);
        let (at, above, bound) = match limit {
            Limit::Characters(most) => (text(most), text(most + 1), format!("{most}字")),
            Limit::Texts(_, most) => {
                (json!([text(most)]), json!([text(most + 1)]), format!("{most}字"))
            }
            Limit::Entries(most) => (now.clone(), list(most + 1), most.to_string()),
            Limit::Range(_, high) => (high.into(), (high + 1).into(), format!("至{high}")),
        };
        let bound = if key == "agency_code" { "最多12字".to_owned() } else { bound };
        let says = |value: Value| {
            let found = findings(&fixture, &pointer, value);
            found.contains(&format!("上限{bound}"))
                || found.contains(&bound) && !bound.ends_with('字')
                || found.contains("最多12字") && key == "agency_code"
        };
        assert!(!says(at), "{name}.{key} at its limit");
        assert!(says(above), "{name}.{key} above its limit");
        if let Limit::Texts(most, _) = limit {
            let found = findings(&fixture, &pointer, list(most + 1));
            assert!(found.contains(&most.to_string()), "{name}.{key} with too many entries");
        }
        checked += 1;
    }
    assert!(checked > 40, "only {checked} limits were checked");
}

#[test]
fn every_text_and_list_has_a_limit() {
    let schema = schema();
    let defs = schema["$defs"].as_object().unwrap().keys().map(String::as_str);
    let mut without = Vec::new();
    for name in defs.chain(["Submission"]) {
        for (key, value) in
            definition(&schema, name)["properties"].as_object().into_iter().flatten()
        {
            let kind = value["type"].to_string();
            let is_bounded =
                kind.contains("string") || kind.contains("array") || kind.contains("integer");
            if is_bounded && limit(name, key).is_none() {
                without.push(format!("{name}.{key}"));
            }
        }
    }
    // Dates have a form instead of a length. Subordinates are compared and never printed.
    let expected = [
        "IssuedText.document_date",
        "PostedDocument.document_date",
        "PostedDocument.printing_date",
        "PostedDocument.subordinates",
    ];
    assert_eq!(without, expected);
}
