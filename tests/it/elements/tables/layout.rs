//! Tables: thin rules, unsplit rows, labels on each page, landscape pages (T-1, T-2, PG-7).

use serde_json::json;

use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::{Faults, body_lines};
use crate::pages::ruler::{Glyph, Line, MeasuredPage, measure, measure_rotated};

const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const HALF: f64 = PITCH / 2.0;

fn is_table(line: &Line) -> bool {
    (11.0..13.5).contains(&line.size())
}

fn table_lines(page: &MeasuredPage) -> Vec<Line> {
    // The page number of a landscape page is upright, across the lines of the table.
    let of_tables = |glyph: &Glyph| (11.0..13.5).contains(&glyph.size);
    let glyphs = page.glyphs.iter().filter(|glyph| of_tables(glyph)).cloned().collect();
    MeasuredPage { glyphs, ..page.clone() }.lines()
}

/// The edges of the rows: positions of horizontal rules, top down, without duplicates.
pub fn edges(page: &MeasuredPage) -> Vec<f64> {
    let horizontal = page.rules.iter().filter(|rule| !rule.is_red && rule.width.abs() > 0.1);
    let mut edges: Vec<f64> = horizontal.map(|rule| rule.y).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|a, b| (*a - *b).abs() < 0.05);
    edges
}

/// The table of the first attachment of the notice.
pub fn portrait_rules(page: &MeasuredPage, faults: &mut Faults) {
    for rule in &page.rules {
        faults.near("T-2", "thickness of a rule", rule.thickness, 0.2, 0.02);
    }
    let vertical = page.rules.iter().filter(|rule| rule.height.abs() > 0.1);
    let columns: Vec<f64> = vertical.map(|rule| rule.x).collect();
    let left = columns.iter().copied().fold(f64::INFINITY, f64::min);
    let right = columns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    faults.near("T-2", "left edge of the table", left, 28.0, 0.05);
    faults.near("T-2", "right edge of the table", right, 184.0, 0.05);
    row_rules(page, faults);
    for line in table_lines(page) {
        faults.near("T-2", "size of a table's text", line.size(), 12.0, 0.05);
    }
    let glyph = page.glyphs.iter().find(|glyph| glyph.text == "曲");
    let before = |x: f64| columns.iter().copied().filter(|at| *at <= x).fold(0.0, f64::max);
    let gap = glyph.map_or(f64::NAN, |glyph| glyph.x - before(glyph.x));
    faults.near("T-2", "rule to text", gap, 1.5, 0.05);
}

/// Rows are multiples of half a line of the grid, and text is in the middle of its row.
pub fn row_rules(page: &MeasuredPage, faults: &mut Faults) {
    for pair in edges(page).windows(2) {
        let halves = (pair[1] - pair[0]) / HALF;
        faults.near("T-2", "half lines of a row", halves, halves.round(), 0.02);
        faults.holds("T-2", "a row has two half lines at least", halves > 1.9);
    }
}

#[test]
fn text_below_a_table_is_on_the_grid() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("report-table")).unwrap();
    let mut faults = Faults::default();
    for page in &measure(&laid_out)[1..] {
        for line in body_lines(page) {
            let row = (line.em_top() - 37.0) / PITCH;
            faults.near("PG-7", &format!("row of “{}”", line.text()), row, row.round(), 0.01);
        }
        if page.lines().iter().any(is_table) {
            row_rules(page, &mut faults);
        }
    }
    assert_eq!(faults.0, Vec::<String>::new());
}

/// T-1, N-2, N-4: landscape pages are upright sheets with the page number in its usual place and the
/// head of the table at the left.
#[test]
fn a_landscape_table_is_on_an_upright_sheet_with_its_number() {
    orientation_rules("left");
}

/// PG-15: with alternating margins, landscape pages shift like portrait ones.
#[test]
fn a_landscape_table_shifts_with_the_bound_edge() {
    orientation_rules("mirrored");
}

fn orientation_rules(binding: &str) {
    let mut filing = seed::valid_json("notice-landscape-table");
    filing["document"]["binding"] = json!(binding);
    let laid_out = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let pages = measure(&laid_out);
    let mut faults = Faults::default();
    faults.holds("T-1", "twelve landscape pages or more", pages.len() >= 14);
    for (index, page) in pages.iter().enumerate() {
        faults.near("PG-1", "width of the sheet", page.width, 210.0, 0.01);
        faults.near("PG-1", "height of the sheet", page.height, 297.0, 0.01);
        let dashes = |page: &MeasuredPage| -> Vec<(f64, f64)> {
            let dashes = page.glyphs.iter().filter(|glyph| glyph.text == "—");
            dashes.map(|glyph| (glyph.x, glyph.baseline)).collect()
        };
        let (landscape, portrait) = (dashes(page), dashes(&pages[index % 2]));
        if landscape.is_empty() {
            continue;
        }
        faults.holds("N-1", "a number between two dashes", landscape.len() == 2);
        let outer = if index % 2 == 0 { 1 } else { 0 };
        faults.near("N-4", "the outer dash", landscape[outer].0, portrait[outer].0, 0.05);
        faults.near("N-2", "its height", landscape[outer].1, portrait[outer].1, 0.05);
    }
    for (index, page) in measure_rotated(&laid_out)[2..pages.len() - 2].iter().enumerate() {
        let is_moved = binding == "mirrored" && index % 2 == 1;
        let left = if is_moved { 26.0 } else { 28.0 };
        landscape_rules(page, left, &mut faults);
        // On the first, the table is below the label and the title.
        if index > 0 {
            faults.near("PG-15", "the table's first rule", edges(page)[0], left, 0.05);
        }
    }
    assert_eq!(faults.0, Vec::<String>::new());
}

/// `left` is the left margin of the sheet, which is at the top in reading position.
fn landscape_rules(page: &MeasuredPage, left: f64, faults: &mut Faults) {
    let lines: Vec<Line> = table_lines(page);
    let head: String = lines.iter().take(5).map(Line::text).collect();
    faults.holds("T-2", format!("the head on each page: {head}"), head.contains("行政村"));
    for glyph in page.glyphs.iter().filter(|glyph| (11.0..13.5).contains(&glyph.size)) {
        let inside = glyph.x > 35.0 && glyph.right() < 260.0;
        faults.holds("PG-4", format!("{} inside the type area", glyph.text), inside);
    }
    for rule in &page.rules {
        let (bottom, right) = (rule.y + rule.height, rule.x + rule.width);
        let inside =
            rule.y > left - 0.15 && bottom < left + 156.15 && rule.x > 34.85 && right < 260.15;
        faults.holds("PG-4", format!("{rule:?} inside the type area"), inside);
    }
    row_rules(page, faults);
    // A label whose rows continue from the previous page is repeated.
    let labels = page.glyphs.iter().filter(|glyph| glyph.x > 48.0 && glyph.right() < 80.0);
    let mut has_label = false;
    for glyph in labels {
        has_label |= glyph.text == "乡" || glyph.text == "镇";
    }
    faults.holds("T-2", "a label on each page", has_label);
}

/// T-2: the total moves to a new page together with the row before it.
#[test]
fn the_last_row_is_never_alone() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("report-project-table")).unwrap();
    let pages = measure(&laid_out);
    let page = pages
        .iter()
        .find(|page| table_lines(page).iter().any(|line| line.text().starts_with("总分")));
    let lines: Vec<String> = table_lines(page.unwrap()).iter().map(Line::text).collect();
    assert!(lines.iter().any(|line| line.contains("满意度")), "{lines:?}");
    // The score table, with one more row each time.
    let mut alone = Vec::new();
    for extra in 0..8 {
        let mut json = seed::valid_json("bazhong-2021-38-score-table");
        let more = json!(vec!["资料齐全"; 12 * extra]);
        json["scores"]["sections"][0]["groups"][0]["indicators"][0]["evidence"] = more;
        let laid_out = TYPESETTER.lay_out(&seed::filing(&json)).unwrap();
        let pages = measure_rotated(&laid_out);
        let is_total =
            |page: &&MeasuredPage| page.lines().iter().any(|line| line.text().contains("合计（"));
        let total = pages.iter().find(is_total).unwrap();
        // Head, a row at least, the total.
        if edges(total).len() < 4 {
            alone.push(extra);
        }
    }
    assert_eq!(alone, Vec::<usize>::new());
}

#[test]
fn every_row_of_a_long_table_is_printed_once() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("notice-landscape-table")).unwrap();
    let mut numbers = Vec::new();
    for page in &measure_rotated(&laid_out) {
        for line in table_lines(page) {
            let first: String = line
                .glyphs
                .iter()
                .filter(|glyph| glyph.right() < 48.5)
                .map(|glyph| glyph.text.as_str())
                .collect();
            numbers.extend(first.parse::<usize>());
        }
    }
    let rows: Vec<usize> = (1..=165).collect();
    assert_eq!(numbers, rows);
}

fn landscape_text(name: &str, change: impl Fn(&mut serde_json::Value)) -> String {
    let mut json = seed::valid_json(name);
    change(&mut json);
    let laid_out = TYPESETTER.lay_out(&seed::filing(&json)).unwrap();
    let rotated = measure_rotated(&laid_out);
    // In the order of the file, in which the text of a cell is contiguous.
    rotated.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.text.as_str()).collect()
}

#[test]
fn the_score_table_has_the_contents_of_the_sheet() {
    let text = landscape_text("bazhong-2021-38-score-table", |json| {
        json["scores"]["total"]["self_score"] = json!("109.5");
        let section = &mut json["scores"]["sections"][0];
        section["self_score"] = json!("26.5");
        section["groups"][0]["self_score"] = json!("7.5");
        let indicator = &mut section["groups"][0]["indicators"][0];
        indicator["self_score"] = json!("7.5");
        indicator["reason"] = json!("一个区的台账未按月更新");
    });
    for printed in [
        "年度重点工作完成情况（27分）",
        "低收入人口动态监测机制建设情况87.5一个区的台账未按月更新监测预警工作台账",
        "社会救助对象（2分，自查得分2分）、基层工作人员（2分，自查得分2分）和社会公众（1分，自查得分1分）对社会救助政策的了解程度55",
        "工作创新（加分项，10分）",
        "安全管理（扣分项，\u{2212}10分）",
        "合计（扣分项不计入分值）110109.5",
    ] {
        assert!(text.contains(printed), "{printed}");
    }
}

#[test]
fn the_project_table_derives_its_rates() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("report-project-table")).unwrap();
    let pages = measure(&laid_out);
    let text: String =
        pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.text.as_str()).collect();
    for printed in ["2386.52298.741096.32%9.63", "其他资金000———", "总分10097.43"] {
        assert!(text.contains(printed), "{printed}");
    }
}

/// The pages of the rows of a table of three below lines of text; `sentences` decide their height.
fn pages_of_three_rows(text_lines: usize, sentences: usize) -> Vec<usize> {
    let mut filing = seed::valid_json("notice-attachments");
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * text_lines - 10).collect();
    let row = |number: usize| {
        let cell: Vec<String> =
            (0..sentences).map(|line| format!("第{number}行之{line}，按月核对台账。")).collect();
        json!([format!("行{number}"), cell.join("")])
    };
    filing["document"]["attachments"] = json!([{ "title": "分配表", "body": [
        text,
        { "table": {
            "columns": [{ "width": 10 }, { "width": 24 }],
            "head": [["序号", "工作情况"]],
            "rows": [row(1), row(2), row(3)],
        } },
    ] }]);
    let pages = measure(&TYPESETTER.lay_out(&seed::filing(&filing)).unwrap());
    let page_of = |label: String| {
        let has =
            |page: &MeasuredPage| page.lines().iter().any(|line| line.text().contains(&label));
        pages.iter().position(has).unwrap()
    };
    (1..4).map(|number| page_of(format!("行{number}"))).collect()
}

/// T-2: a table of three rows whose last does not fit on the page moves to the next page whole. If its rows
/// are tall, half a page would stay blank, so it is split after its first row.
#[test]
fn a_table_of_three_rows_is_split_only_if_it_is_tall() {
    let low = pages_of_three_rows(11, 5);
    assert!(low.iter().all(|page| *page == low[0]), "{low:?}");
    let tall = pages_of_three_rows(5, 14);
    assert_eq!(tall[1..], [tall[0] + 1, tall[0] + 1], "{tall:?}");
}
