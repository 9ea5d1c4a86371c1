//! 署名 and 成文日期 always share their page with text, for texts of every length (B-18).

use serde_json::{Value, json};

use crate::elements::closing::{json_of, pages_of, text_lines, word};
use crate::pages::ruler::{Line, MeasuredPage};

const BOTTOM: f64 = 262.0;
const PITCH: f64 = 225.0 / 21.5;

/// The fixture with one more paragraph of `lines` lines.
fn with_lines(name: &str, lines: usize) -> Value {
    let mut filing = json_of(name);
    let count = 28 * lines - 12;
    let text: String = "各地认真抓好落实".chars().cycle().take(count).collect();
    filing["closing"] = json!([format!("{text}。")]);
    filing
}

/// The index of the page with 成文日期.
fn closing_page(pages: &[MeasuredPage]) -> usize {
    let has_date = |page: &MeasuredPage| {
        text_lines(page).iter().any(|line| line.text().ends_with("2023年3月16日"))
    };
    pages.iter().rposition(has_date).unwrap()
}

fn faults(name: &str, lines: usize, pages: &[MeasuredPage]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut holds = |what: &str, is_so: bool| {
        if !is_so {
            faults.push(format!("{name} with {lines} lines: {what}"));
        }
    };
    let index = closing_page(pages);
    let page = &pages[index];
    let is_text = |text: &str| text.contains("落实") || text.contains("各地");
    let shares = page.lines().iter().any(|line| is_text(&line.text()));
    holds("B-18: the closing shares its page with text", shares);
    let all: String = pages.iter().flat_map(MeasuredPage::lines).map(|line| line.text()).collect();
    holds("B-18: no 此页无正文", !all.contains("无正文"));
    holds("V-3: an even number of pages", pages.len().is_multiple_of(2));
    let last = pages[pages.len() - 1].rules.last().map_or(f64::NAN, |rule| rule.y);
    holds("V-2: the last rule at the edge", (last - BOTTOM).abs() < 0.05);
    let date = word(pages, "2023年3月16日");
    holds("PG-6: the date inside", date.em_bottom < BOTTOM + 0.05);
    let rows = table_rows(page);
    let table_end = rows.last().map_or(0.0, |row| row.em_bottom() + PITCH / 2.0);
    let rules = page.rules.iter().filter(|rule| !rule.is_red && rule.y > table_end);
    let top = rules.map(|rule| rule.y).fold(f64::INFINITY, f64::min);
    holds("V-2: the colophon below the date", date.em_bottom < top);
    for (page_number, page) in pages.iter().enumerate() {
        let is_numbered = page.lines().iter().any(|line| line.baseline > BOTTOM + 1.0);
        // N-5: a blank page before the colophon, and the page of the colophon, have no number.
        let is_after_blank = pages.len() == index + 3 && page_number > index;
        holds("N-5: numbers", is_numbered != is_after_blank);
    }
    faults
}

/// A body of `lines` lines that ends with `end`, a table or a heading.
fn ending_with(end: &Value, name: &str, lines: usize) -> Value {
    let mut filing = json_of(name);
    let filing_of = filing.as_object_mut().unwrap();
    for key in ["opening", "scores", "closing"] {
        filing_of.remove(key);
    }
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * lines - 3).collect();
    filing["body"] = json!([{ "paragraph": format!("{text}。") }, end]);
    filing
}

fn table(rows: usize) -> Value {
    let row = |row: usize| json!([row.to_string(), "各地", "落实"]);
    let columns: Vec<Value> = [1, 3, 2].map(|width| json!({ "width": width })).to_vec();
    json!({ "table": {
        "caption": "各地抓好落实情况",
        "columns": columns,
        "head": [["序号", "单位", "情况"]],
        "rows": (1..=rows).map(row).collect::<Vec<Value>>(),
    } })
}

/// The faults of texts of 1, 2, 3 … lines that end with `end`, over more than two pages.
fn sweep_of(end: &Value, name: &str) -> Vec<String> {
    let found = (1..=48).flat_map(|lines| {
        let pages = pages_of(&ending_with(end, name, lines));
        let mut found = faults(name, lines, &pages);
        found
            .extend(single_rows(&pages).map(|fault| format!("{name} with {lines} lines: {fault}")));
        found
    });
    found.collect()
}

/// The lines of the table on a page, including its head.
fn table_rows(page: &MeasuredPage) -> Vec<Line> {
    let of_table = page.glyphs.iter().filter(|glyph| (11.0..13.5).contains(&glyph.size));
    MeasuredPage { glyphs: of_table.cloned().collect(), ..page.clone() }.lines()
}

/// T-2: no page has a single row of a longer table.
fn single_rows(pages: &[MeasuredPage]) -> impl Iterator<Item = String> {
    let counts = pages.iter().map(|page| table_rows(page).len());
    let counts: Vec<usize> = counts.filter(|count| *count > 0).collect();
    let last = counts.last().copied();
    last.filter(|last| *last < 3 && counts.len() > 1)
        .map(|_| format!("T-2: rows with their head: {counts:?}"))
        .into_iter()
}

/// The faults of texts of 1, 2, 3 … lines, over more than two pages.
fn sweep(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut reaches_the_foot = false;
    for lines in 1..=34 {
        let pages = pages_of(&with_lines(name, lines));
        let date = word(&pages, "2023年3月16日");
        reaches_the_foot |= (BOTTOM - date.em_bottom).abs() < 0.3 && closing_page(&pages) % 2 == 1;
        found.extend(faults(name, lines, &pages));
    }
    if name == "copies-none" && !reaches_the_foot {
        found.push("no length ends at the foot of an even page".to_owned());
    }
    found
}

#[test]
fn a_sealed_closing_is_never_alone() {
    assert_eq!(sweep("copies-none"), Vec::<String>::new());
}

#[test]
fn two_rows_of_seals_below_attachments_are_never_alone() {
    assert_eq!(sweep("sealed-five"), Vec::<String>::new());
}

#[test]
fn a_closing_without_seals_is_never_alone() {
    assert_eq!(sweep("unsealed-joint"), Vec::<String>::new());
}

#[test]
fn a_stamped_closing_is_never_alone() {
    assert_eq!(sweep("signature-stamp-joint"), Vec::<String>::new());
}

#[test]
fn a_closing_below_a_table_is_never_alone() {
    assert_eq!(sweep_of(&table(9), "copies-none"), Vec::<String>::new());
    assert_eq!(sweep_of(&table(2), "unsealed-joint"), Vec::<String>::new());
    assert_eq!(sweep_of(&table(40), "signature-stamp-joint"), Vec::<String>::new());
}

/// A row that does not fit on a page with the closing is split.
#[test]
fn a_closing_below_a_tall_row_is_never_alone() {
    for count in [160, 330, 640, 700] {
        let mut table = table(2);
        let text: String = "各地认真，抓好落实。".chars().cycle().take(count).collect();
        table["table"]["rows"][1][1] = json!(text);
        assert_eq!(sweep_of(&table, "sealed-five"), Vec::<String>::new(), "{count} characters");
    }
}

/// The row is longer than a page, so the end that moves must be short enough to share its page with the
/// closing.
#[test]
fn a_closing_below_a_row_longer_than_a_page_is_never_alone() {
    let mut found = Vec::new();
    for length in (350..950).step_by(25) {
        let mut table = table(2);
        table["table"]["columns"] = json!([{ "width": 3 }, { "width": 1 }, { "width": 1 }]);
        let text: String = "各地落实，".chars().cycle().take(length).collect();
        table["table"]["rows"][1][1] = json!(format!("{text}。"));
        let name = "sealed-five";
        let pages = pages_of(&ending_with(&table, name, 8));
        found.extend(faults(&format!("{name} with {length} characters"), 8, &pages));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_closing_below_a_heading_is_never_alone() {
    let heading = json!({ "heading": { "level": 1, "title": "各地抓好落实" } });
    assert_eq!(sweep_of(&heading, "sealed-five"), Vec::<String>::new());
}

/// V-3, N-5: a closing that ends exactly at the foot of an even page is followed by a blank page.
#[test]
fn a_text_may_end_at_the_foot_of_an_even_page() {
    let pages = pages_of(&json_of("text-to-the-foot"));
    assert_eq!(pages.len(), 4);
    let bottom = word(&pages[..2], "2024年5月20日").em_bottom;
    assert!((bottom - BOTTOM).abs() < 0.05, "the date ends at {bottom}");
    assert_eq!(text_lines(&pages[1]).len(), 22 - 3, "a full page with free space for the seal");
    assert!(pages[2].glyphs.is_empty(), "a blank page");
    let numbers = pages[3].lines().iter().filter(|line| line.baseline > BOTTOM + 1.0).count();
    assert_eq!(numbers, 0, "no number on the colophon's page");
}

/// B-18, T-2: the last rows move with the closing, below the repeated head.
#[test]
fn the_last_rows_of_a_table_move_with_the_closing() {
    let pages = pages_of(&json_of("notice-table-at-the-end"));
    let rows: Vec<String> = table_rows(&pages[2]).iter().map(Line::text).collect();
    assert_eq!(
        rows,
        ["序号地区低保特困供养临时救助小计", "10川渝高竹新区589.7471.7", "合计4499.511022385839.5"]
    );
    assert!(text_lines(&pages[2]).iter().any(|line| line.text().ends_with("2024年8月12日")));
}

/// A page with the closing does not begin with the last line of a paragraph alone.
#[test]
fn no_single_line_is_above_the_closing() {
    let mut found = Vec::new();
    for name in ["copies-none", "unsealed-joint", "signature-stamp-joint"] {
        for lines in 2..=34 {
            let pages = pages_of(&with_lines(name, lines));
            let index = closing_page(&pages);
            let is_text =
                |line: &&Line| line.text().contains("落实") || line.text().contains("各地");
            let on_page = |page: &MeasuredPage| text_lines(page).iter().filter(is_text).count();
            let before = index.checked_sub(1).map_or(0, |before| on_page(&pages[before]));
            if before > 0 && on_page(&pages[index]) == 1 {
                found.push(format!("{name} with {lines} lines"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The same for a text of one paragraph, of which page 1 shows a line at least (7.3.3).
#[test]
fn a_text_of_one_paragraph_has_two_lines_above_the_closing() {
    let mut found = Vec::new();
    for name in ["copies-none", "masthead-ten-issuers", "unsealed-joint"] {
        let mut filing = json_of(name);
        for key in ["opening", "scores", "closing"] {
            filing.as_object_mut().unwrap().remove(key);
        }
        for lines in 4..=16 {
            let text: String = "各地认真抓好落实".chars().cycle().take(28 * lines - 12).collect();
            filing["body"] = json!([format!("{text}。")]);
            let pages = pages_of(&filing);
            let is_text =
                |line: &&Line| line.text().contains("落实") || line.text().contains("各地");
            let on_page = |page: &MeasuredPage| text_lines(page).iter().filter(is_text).count();
            let counts: Vec<usize> = pages.iter().map(on_page).collect();
            if counts[0] == 0 || counts[1..].contains(&1) {
                found.push(format!("{name} with {lines} lines: {counts:?}"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
