//! Single paragraphs that are hard to break into lines, and the lines they must become (section 9).

use serde_json::Value;

use crate::invariants::{Row, paragraphs};
use crate::random_filing::with_opening;
use crate::ruler::{Side, measure};
use crate::seed::{self, TYPESETTER};

fn sides(json: &Value) -> Vec<Side> {
    measure(&TYPESETTER.lay_out(&seed::filing(json)).unwrap())
}

/// Paragraphs as printed; those of 版头 and title have none of ours in them.
fn printed(texts: &[String]) -> Vec<Vec<String>> {
    let sides = sides(&with_opening(texts));
    let all = paragraphs(&sides);
    // 主送机关 is the paragraph before the opening.
    let is_recipients = |rows: &Vec<Row>| rows[0].line.text().ends_with("民政局：");
    let start = all.iter().position(is_recipients).unwrap() + 1;
    all[start..start + texts.len()]
        .iter()
        .map(|rows| rows.iter().map(|row| row.line.text()).collect())
        .collect()
}

/// The first line holds 26 characters behind its indent: so much fills it up to the cells before
/// its end.
fn filled(cells: usize, end: &str) -> String {
    let filler = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒".chars();
    let filler: String = filler.take(26 - cells).collect();
    format!("{filler}{end}")
}

#[test]
fn lines_break_as_the_rules_want() {
    let cases: Vec<(String, Vec<String>)> = CASES
        .iter()
        .map(|&(cells, end, lines)| {
            let text = filled(cells, end);
            let filler: String = text.chars().take(26 - cells).collect();
            let lines = lines.iter().map(|line| line.replace('*', &filler)).collect();
            (text, lines)
        })
        .collect();
    let texts: Vec<String> = cases.iter().map(|(text, _)| text.clone()).collect();
    let mut wrong = Vec::new();
    for ((text, expected), found) in cases.iter().zip(printed(&texts)) {
        if &found != expected {
            wrong.push(format!("{text}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cells left on the first line, what follows, and the lines; `*` is what filled the line before.
const CASES: [(usize, &str, &[&str]); 2] = [(0, "", &["*"]), (0, "。", &["*。"])];
