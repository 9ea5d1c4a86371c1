//! 项目支出绩效自评表 as localities have it: its columns, its notes, and whole numbers in its cells.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::elements::tables::layout::{edges, row_rules};
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage, measure, measure_rotated};

/// The fixtures with a project table.
const FIXTURES: [&str; 10] = [
    "report-project-table",
    "project-table-details",
    "project-table-fund-points",
    "project-table-many-indicators",
    "project-table-no-budget",
    "project-table-points-first",
    "project-table-six-decimals",
    "project-table-landscape",
    "project-table-without-reasons",
    "project-table-yuan",
];

fn pages(json: &Value) -> Vec<MeasuredPage> {
    let layout = TYPESETTER.lay_out(&seed::filing(json)).unwrap();
    let is_landscape = json["document"]["attachments"][0]["orientation"] == "landscape";
    if is_landscape { measure_rotated(&layout) } else { measure(&layout) }
}

/// The text in the order of the file, in which that of a cell is contiguous.
fn text(name: &str) -> String {
    let pages = pages(&seed::valid_json(name));
    pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.text.as_str()).collect()
}

/// The lines of each cell of each page.
fn cells(page: &MeasuredPage) -> Vec<Vec<Line>> {
    let mut glyphs: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for glyph in &page.glyphs {
        if let Some(cell) = glyph.place.cell {
            glyphs.entry(cell).or_default().push(glyph.clone());
        }
    }
    glyphs.into_values().map(|glyphs| MeasuredPage { glyphs, ..page.clone() }.lines()).collect()
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}')
}

#[test]
fn each_table_says_what_was_posted() {
    let cases: [(&str, &[&str]); 9] = [
        ("project-table-yuan", &["项目资金（元）", "268500.00268500.00231407.651086.19%8.62"]),
        ("project-table-details", &["项目负责人何文昭联系电话0800—1234567", "总额0.0033.6033.60"]),
        (
            "project-table-points-first",
            &["三级指标分值年度指标值", "总分10097.67", "年度资金总额1286.4"],
        ),
        ("project-table-fund-points", &["3156.07698.62%5.92", "其中：中央资金240024002400—100%—"]),
        ("project-table-no-budget", &["年度资金总额900010—0", "注：本项目预算年中全部收回"]),
        ("project-table-six-decimals", &["21502193.3081252190.0176431099.85%9.98"]),
        ("project-table-without-reasons", &["项目资金（亿元）", "4.82164.69041097.28%9.73"]),
        ("project-table-landscape", &["480.00486.00479.35", "读者和观众满意度10≥90%95%10"]),
        ("project-table-many-indicators", &["项目区群众满意度≥85%93.1%99"]),
    ];
    for (name, printed) in cases {
        let text = text(name);
        for printed in printed {
            assert!(text.contains(printed), "{name}: {printed}");
        }
    }
    assert!(!text("project-table-without-reasons").contains("偏差原因"));
    assert!(!text("project-table-points-first").contains("年初预算数"));
}

#[test]
fn no_line_of_a_cell_is_one_character_or_part_of_a_number() {
    let mut faults = Faults::default();
    for name in FIXTURES {
        for page in pages(&seed::valid_json(name)) {
            for lines in cells(&page) {
                let texts: Vec<String> = lines.iter().map(Line::text).collect();
                for pair in texts.windows(2) {
                    let (last, first) = (pair[0].chars().next_back(), pair[1].chars().next());
                    let in_number = |c: Option<char>| {
                        c.is_some_and(|c| c.is_ascii_digit() || "≥≤=,.".contains(c))
                    };
                    let is_split = in_number(last) && in_number(first) && last != Some('=');
                    faults.holds("9", format!("{name}: a whole number: {texts:?}"), !is_split);
                }
                let is_lone = |text: &String| {
                    let mut characters = text.chars();
                    characters.next().is_some_and(is_han) && characters.next().is_none()
                };
                let has_lone = texts.len() > 1 && texts.iter().any(is_lone);
                faults.holds("9", format!("{name}: no lone character: {texts:?}"), !has_lone);
            }
        }
    }
    assert_eq!(faults.0, Vec::<String>::new());
}

#[test]
fn rows_of_each_table_are_on_the_grid() {
    let mut faults = Faults::default();
    for name in FIXTURES.into_iter().chain(["report-table-sections"]) {
        for page in pages(&seed::valid_json(name)) {
            let has_table = page.glyphs.iter().any(|glyph| glyph.place.cell.is_some());
            if has_table && edges(&page).len() > 2 && !has_colophon(&page) {
                row_rules(&page, &mut faults);
            }
        }
    }
    assert_eq!(faults.0, Vec::<String>::new());
}

/// The rules of the colophon are not rules of a table.
fn has_colophon(page: &MeasuredPage) -> bool {
    page.lines().iter().any(|line| line.text().ends_with("印发"))
}

#[test]
fn notes_are_below_the_table_without_rules() {
    let pages = pages(&seed::valid_json("project-table-details"));
    let page = pages.iter().find(|page| page.glyphs.iter().any(|glyph| glyph.text == "注"));
    let page = page.unwrap();
    let lines = page.lines();
    let first = lines.iter().find(|line| line.text().starts_with("注：1.")).unwrap();
    let beside = page.rules.iter().filter(|rule| {
        rule.height > 0.1 && rule.y < first.baseline && first.baseline < rule.y + rule.height
    });
    assert_eq!(beside.count(), 0);
    // The numbers are below each other.
    let second = lines.iter().find(|line| line.text().trim_start().starts_with("2.")).unwrap();
    let number = |line: &Line, digit: &str| {
        line.glyphs.iter().find(|glyph| glyph.text == digit).map_or(f64::NAN, |glyph| glyph.x)
    };
    assert!((number(first, "1") - number(second, "2")).abs() < 0.2);
}

/// The columns of the indicators are as wide as their texts, and the first indicator shares the page of the
/// funds.
#[test]
fn funds_and_twenty_eight_indicators_take_four_pages() {
    let pages = pages(&seed::valid_json("project-table-many-indicators"));
    let with_indicators = |page: &&MeasuredPage| {
        let lines = page.lines();
        lines.iter().any(|line| line.text().contains("绩效指标"))
            && lines.iter().any(|line| line.text().contains("三级指标"))
    };
    let with_funds =
        |page: &MeasuredPage| page.lines().iter().any(|line| line.text().contains("执行率"));
    let found: Vec<&MeasuredPage> = pages.iter().filter(with_indicators).collect();
    assert!(found.len() <= 4 && with_funds(found[0]));
}

#[test]
fn a_part_of_a_table_repeats_its_own_head() {
    let mut json = seed::valid_json("report-table-sections");
    let section = &mut json["body"][2]["table"]["sections"][1];
    let rows = vec![section["rows"].as_array().unwrap().clone(); 6].concat();
    section["rows"] = json!(rows);
    let pages = pages(&json);
    let heads = ["撂荒地整治", "城乡居民基本医疗保险参保", "财政衔接资金支付"];
    let with = |head: &str| -> Vec<usize> {
        let numbered = pages.iter().enumerate();
        let has = |page: &MeasuredPage| page.lines().iter().any(|line| line.text().contains(head));
        numbered.filter(|(_, page)| has(page)).map(|(index, _)| index).collect()
    };
    let [first, second, third] = heads.map(with);
    assert_eq!((first, second), (vec![0, 1], vec![1]));
    assert!(third.len() >= 2 && third[0] > 0, "{third:?}");
}

/// The vertical rules of the only table, from left to right.
fn columns(columns: &Value) -> Vec<f64> {
    let mut json = seed::valid_json("report-table-sections");
    let long = "按照年度计划组织实施，资金全部拨付到位，群众满意。";
    let row = ["1", "甲", long];
    json["body"] = json!([{ "paragraph": "现报告如下。" }, { "table": {
        "columns": columns, "rows": vec![row; 3] } }]);
    let pages = pages(&json);
    let page = pages.iter().find(|page| page.glyphs.iter().any(|glyph| glyph.text == "甲"));
    let standing = page.unwrap().rules.iter().filter(|rule| rule.height > 0.1);
    let mut at: Vec<f64> = standing.map(|rule| rule.x).collect();
    at.sort_by(f64::total_cmp);
    at.dedup_by(|a, b| (*a - *b).abs() < 0.1);
    at
}

#[test]
fn columns_follow_their_texts_unless_widths_are_given() {
    let mut faults = Faults::default();
    let given = columns(&json!([{ "width": 1 }, { "width": 1 }, { "width": 2 }]));
    for (index, expected) in [28.0, 67.0, 106.0, 184.0].into_iter().enumerate() {
        faults.near("T-2", "a given column", given[index], expected, 0.1);
    }
    let fitted = columns(&json!([{}, {}, {}]));
    let last = fitted[3] - fitted[2];
    // 25 characters and the insets of a cell.
    faults.holds("T-2", format!("room for the long text: {fitted:?}"), last > 25.0 * 4.23 + 3.0);
    assert_eq!(faults.0, Vec::<String>::new());
}

/// A row in which every cell goes on below has a line.
#[test]
fn a_row_of_merged_cells_has_a_height() {
    let pages = pages(&seed::valid_json("report-table-sections"));
    let page = pages.iter().find(|page| page.lines().iter().any(|line| line.text() == "包片分工"));
    let page = page.unwrap();
    let glyph = |text: &str| page.glyphs.iter().find(|glyph| glyph.text == text).unwrap();
    let between = glyph("东").baseline - glyph("青").baseline;
    let rows = edges(page);
    let below: Vec<f64> =
        rows.iter().copied().filter(|edge| *edge > glyph("青").baseline).collect();
    assert!(below.len() >= 4, "{rows:?}");
    assert!(below.windows(2).all(|pair| pair[1] - pair[0] > 9.0), "{below:?}");
    assert!(between > 3.0, "{between}");
}
