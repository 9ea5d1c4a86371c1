//! Page 1 shows text below mastheads of every height (GB/T 9704-2012, 7.3.3).

use serde_json::{Value, json};

use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::every_fixture::page_faults;

const LONG: &str =
    "困难群众基本生活救助资金发放情况和特困人员供养机构安全管理情况以及动态监测工作情况";

/// A report of several agencies with this text.
fn joint_report(agencies: usize, body: &Value) -> Value {
    let mut json = seed::valid_json("masthead-ten-issuers");
    for key in ["issuers", "signatories", "sign_off"] {
        let list = json["document"][key].as_array().unwrap()[..agencies].to_vec();
        json["document"][key] = json!(list);
    }
    for key in ["opening", "scores", "closing"] {
        json.as_object_mut().unwrap().remove(key);
    }
    json["body"] = body.clone();
    json
}

/// Headings of these levels with long titles.
fn headings(levels: &[u8]) -> Vec<Value> {
    let heading = |level: &u8| json!({ "heading": { "level": level, "title": LONG } });
    levels.iter().map(heading).collect()
}

fn paragraph(lines: usize) -> Value {
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * lines - 5).collect();
    json!({ "paragraph": format!("{text}。") })
}

fn faults(what: &str, json: &Value) -> Vec<String> {
    page_faults(&TYPESETTER, json).into_iter().map(|fault| format!("{what}: {fault}")).collect()
}

#[test]
fn a_text_that_begins_with_long_headings_begins_on_page_1() {
    let chains: [&[u8]; 5] = [&[1], &[1, 2], &[1, 2, 3], &[1, 2, 3, 4], &[1, 1, 1, 1]];
    let mut found = Vec::new();
    for agencies in [3, 5, 6, 10] {
        for chain in chains {
            for lines in [0, 1, 2, 30] {
                let mut body = headings(chain);
                body.extend((lines > 0).then(|| paragraph(lines)));
                let what = format!("{agencies} agencies, headings {chain:?}, {lines} lines");
                found.extend(faults(&what, &joint_report(agencies, &json!(body))));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_text_that_begins_with_a_table_begins_on_page_1() {
    let mut found = Vec::new();
    for (agencies, chain) in [(6, &[][..]), (10, &[][..]), (10, &[1][..])] {
        for characters in [20, 150, 400] {
            let text: String = "各地认真抓好落实，".chars().cycle().take(characters).collect();
            let table = json!({ "table": {
                "columns": [{ "width": 1 }, { "width": 2 }], "rows": vec![["各地", &text]; 3] } });
            let mut body = headings(chain);
            body.extend([table, paragraph(3)]);
            let what = format!("{agencies} agencies, headings {chain:?}, {characters} characters");
            found.extend(faults(&what, &joint_report(agencies, &json!(body))));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
