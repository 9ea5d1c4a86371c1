//! No accepted filing exceeds the bounds within which `just slowest` searches: elements that cost more
//! than their characters count for more characters.

use hongtou::validate::findings::violation::Code;
use serde_json::{Value, json};

use crate::fixture::{Answer, answer, bytes};
use crate::fixtures::random_filing::with_opening;

/// The codes of the violations; empty if the filing is accepted.
fn refused(filing: &Value) -> Vec<Code> {
    match answer(&serde_json::to_vec(filing).unwrap()) {
        Answer::Accepted(_) => Vec::new(),
        other => other.refused().errors.iter().map(|error| error.code).collect(),
    }
}

/// A notice with `count` attachments that have this content.
fn attached(count: usize, content: &Value) -> Value {
    let mut filing: Value =
        serde_json::from_slice(&bytes("valid", "notice-landscape-table")).unwrap();
    let one = |index: usize| {
        let mut one = content.clone();
        one["title"] = json!(format!("清单之{}", char::from_u32(0x4e00 + index as u32).unwrap()));
        one
    };
    filing["document"]["attachments"] = (0..count).map(one).collect();
    filing
}

#[test]
fn digits_letters_and_marks_count_four_times() {
    let opening = |text: &str, count| with_opening(&vec![text.repeat(5_000); count]);
    assert_eq!(refused(&opening("一个", 29)), []);
    assert_eq!(refused(&opening("一1", 11)), []);
    assert_eq!(refused(&opening("一1", 12)), [Code::TooLong]);
    assert_eq!(refused(&opening("一，", 12)), [Code::TooLong]);
    assert_eq!(refused(&opening("Ab", 7)), []);
    assert_eq!(refused(&opening("Ab", 8)), [Code::TooLong]);
}

#[test]
fn a_short_paragraph_counts_a_line_and_a_heading_two() {
    let body = |block: Value| json!({ "body": vec![block; 2_000] });
    let paragraphs = body(json!({ "paragraph": "一" }));
    assert_eq!(refused(&attached(5, &paragraphs)), []);
    assert_eq!(refused(&attached(6, &paragraphs)), [Code::TooLong]);
    let headings = body(json!({ "heading": { "level": 1, "title": "一" } }));
    assert_eq!(refused(&attached(2, &headings)), []);
    assert_eq!(refused(&attached(3, &headings)), [Code::TooLong]);
}

#[test]
fn empty_cells_count_as_well() {
    let table = json!({ "columns": vec![json!({}); 10], "rows": vec![vec![""; 10]; 100] });
    let body = json!({ "body": [{ "table": table }] });
    assert_eq!(refused(&attached(10, &body)), []);
    assert_eq!(refused(&attached(11, &body)), [Code::TooLong]);
}

/// A column of a twentieth of the width has one character per line.
#[test]
fn lines_of_a_row_count_as_well() {
    let row = |length: usize| {
        let mut row = vec![String::new(); 20];
        row[0] = "一".repeat(length);
        row
    };
    let rows = |count, length| {
        let table = json!({ "columns": vec![json!({}); 20], "rows": vec![row(length); count] });
        attached(1, &json!({ "body": [{ "table": table }] }))
    };
    assert_eq!(refused(&rows(8, 1_000)), []);
    assert_eq!(refused(&rows(9, 1_000)), [Code::TooLong]);
    assert_eq!(refused(&rows(130, 50)), []);
}

#[test]
fn a_head_leaves_room_for_rows() {
    let head = |lines: usize| {
        let mut head = vec!["一".to_owned(); 20];
        head[0] = "一".repeat(lines);
        let table = json!({ "columns": vec![json!({}); 20], "head": [head, vec!["二"; 20]],
            "rows": [vec!["三"; 20]] });
        attached(1, &json!({ "body": [{ "table": table }] }))
    };
    assert_eq!(refused(&head(19)), []);
    assert_eq!(refused(&head(20)), [Code::TableShape]);
}

/// A project table has nine columns; its cells are not part of the input.
#[test]
fn cells_that_the_program_makes_count_as_posted_ones() {
    let indicator = json!({ "first_level": "产出", "second_level": "数量", "title": "甲",
        "target": "1", "actual": "1", "max_points": "0.01", "self_score": "0.01" });
    let fund = json!({ "name": "总额", "initial_budget": "1", "budget": "1", "executed": "1" });
    let table = json!({
        "project_name": "项目", "department": "局", "implementing_unit": "站",
        "funds": [fund], "goal": { "expected": "甲", "actual": "乙" },
        "execution": { "max_points": "9", "self_score": "9" },
        "indicators": vec![indicator; 100],
        "total": { "max_points": "10", "self_score": "10" }
    });
    let content = json!({ "project_table": table });
    assert_eq!(refused(&attached(10, &content)), []);
    assert_eq!(refused(&attached(11, &content)), [Code::TooLong]);
}

#[test]
fn a_score_table_counts_its_cells() {
    let mut filing: Value =
        serde_json::from_slice(&bytes("valid", "bazhong-2021-38-score-table")).unwrap();
    let one = json!({ "title": "一", "max_points": "0.01", "self_score": "0.01" });
    let sheet = |count: usize| {
        let points = format!("{}.{:02}", count / 100, count % 100);
        json!({
            "sections": [{ "title": "一", "kind": "base", "max_points": points,
                "self_score": points, "indicators": vec![one.clone(); count] }],
            "total": { "max_points": points, "self_score": points }
        })
    };
    filing["opening"] = json!(["现报告如下。"]);
    filing["closing"] = json!(["特此报告。"]);
    filing["scores"] = sheet(1_428);
    assert_eq!(refused(&filing), []);
    filing["scores"] = sheet(1_429);
    assert_eq!(refused(&filing), [Code::TooLong]);
}
