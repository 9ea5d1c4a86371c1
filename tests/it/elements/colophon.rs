//! 版记 and page numbers: lists of any length, blank pages, mirrored binding (V-1 to V-8, N-1 to N-7).

use crate::elements::closing::{json_of, pages_of, text_lines};
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MM_PER_PT, MeasuredPage};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
const SMALL_CELL: f64 = 14.0 * MM_PER_PT;

fn small_lines(page: &MeasuredPage) -> Vec<Line> {
    let is_small = |line: &Line| (13.5..14.5).contains(&line.size()) && line.baseline < BOTTOM;
    page.lines().into_iter().filter(is_small).collect()
}

fn rules(page: &MeasuredPage) -> Vec<f64> {
    page.rules.iter().filter(|rule| !rule.is_red).map(|rule| rule.y).collect()
}

fn none(faults: &Faults) {
    assert_eq!(faults.0, Vec::<String>::new());
}

fn page_number(page: &MeasuredPage) -> Option<Line> {
    page.lines().into_iter().find(|line| line.baseline > BOTTOM + 1.0)
}

#[test]
fn copy_recipients_hang_and_their_names_are_not_split() {
    let mut faults = Faults::default();
    let filing = json_of("copies-many");
    let pages = pages_of(&filing);
    let page = pages.last().unwrap();
    let lines = small_lines(page);
    let printing = lines.len() - 1;
    for name in filing["document"]["copy_recipients"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        let is_whole = lines.iter().any(|line| line.text().contains(name));
        faults.holds("V-4", format!("{name} is on one line"), is_whole);
    }
    let text: String = lines[..printing].iter().map(Line::text).collect();
    faults.holds("V-4", "抄送 begins and ends", text.starts_with("抄送：省财政厅，省残联，"));
    faults.holds("V-4", "the last with a full stop", text.ends_with("苍溪县民政局。"));
    for pair in lines[..printing].windows(2) {
        faults.near("V-4", "hang", pair[1].left(), LEFT + 4.0 * SMALL_CELL, 0.05);
        faults.near("V-8", "pitch", pair[1].baseline - pair[0].baseline, 7.88, 0.05);
    }
    none(&faults);
}

/// B-4, V-5: 主送机关 that would push the text off page 1 are printed above 抄送, without a rule between them.
#[test]
fn too_many_recipients_for_page_one_move_to_the_colophon() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("recipients-in-colophon"));
    let first: String = text_lines(&pages[0]).iter().map(Line::text).collect();
    faults.holds("B-4", "no 主送机关 on page 1", !first.contains("利州区人民政府"));
    faults.holds("B-5", "page 1 shows text", first.contains("按照预算绩效管理"));
    let page = pages.last().unwrap();
    let lines = small_lines(page);
    let copies = lines.iter().position(|line| line.text().starts_with("抄送：")).unwrap();
    faults.holds("V-5", "主送 first", lines[0].text().starts_with("主送：利州区人民政府、"));
    faults.holds("V-5", "a full stop", lines[copies - 1].text().ends_with("市政协办公室。"));
    faults.near("V-5", "left edge", lines[0].left(), LEFT + SMALL_CELL, 0.05);
    faults.near("V-5", "hang", lines[1].left(), LEFT + 4.0 * SMALL_CELL, 0.05);
    let pitch = lines[copies].baseline - lines[copies - 1].baseline;
    faults.near("V-5", "抄送 on the next line", pitch, 7.88, 0.05);
    faults.holds("V-5", "three rules, none between the lists", rules(page).len() == 3);
    none(&faults);
}

#[test]
fn recipients_below_the_title_wrap_flush_left() {
    let pages = pages_of(&json_of("recipients-wrapped"));
    let lines = text_lines(&pages[0]);
    let first = lines.iter().position(|line| line.text().starts_with("利州区")).unwrap();
    assert!(!lines[first].text().ends_with('：'), "{}", lines[first].text());
    assert!(lines[first + 1].text().ends_with("苍溪县民政局："));
    assert!((lines[first + 1].left() - LEFT).abs() < 0.05);
}

#[test]
fn without_recipients_the_printing_line_is_between_two_rules() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("copies-none"));
    let rules = rules(pages.last().unwrap());
    faults.holds("V-7", format!("two rules, not {}", rules.len()), rules.len() == 2);
    faults.near("V-2", "last rule", rules[1], BOTTOM, 0.05);
    faults.near("V-8", "height of the 印发 line", rules[1] - rules[0], 9.0, 0.1);
    none(&faults);
}

/// 抄送 longer than a page continues on the next, and 印发 is still at the foot of an even last page.
#[test]
fn copy_recipients_longer_than_a_page_continue_on_the_next() {
    let mut faults = Faults::default();
    let filing = json_of("copies-over-a-page");
    let pages = pages_of(&filing);
    faults.holds("V-3", "an even last page", pages.len().is_multiple_of(2));
    let text: String = pages.iter().flat_map(small_lines).map(|line| line.text()).collect();
    for name in filing["document"]["copy_recipients"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        faults.holds("V-4", format!("{name} is printed"), text.contains(name));
    }
    for line in pages.iter().flat_map(small_lines) {
        let is_inside = line.em_top() > TOP - 0.05 && line.right() < RIGHT + 0.05;
        faults.holds("PG-6", format!("“{}” is inside", line.text()), is_inside);
    }
    let page = pages.last().unwrap();
    faults.near("V-2", "last rule", *rules(page).last().unwrap(), BOTTOM, 0.05);
    let lines = small_lines(page);
    let (printing, above) = (&lines[lines.len() - 1], &lines[lines.len() - 2]);
    faults.holds("V-6", "印发 last", printing.text().ends_with("印发"));
    faults.holds("V-7", "its rule below the list", rules(page)[0] > above.em_bottom());
    none(&faults);
}

#[test]
fn a_long_printing_office_takes_a_second_line() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("sealed-very-long-name"));
    let page = pages.last().unwrap();
    let rules = rules(page);
    faults.near("V-2", "last rule", rules[1], BOTTOM, 0.05);
    faults.near("V-8", "height of two lines", rules[1] - rules[0], 9.0 + 7.88, 0.1);
    for line in small_lines(page) {
        faults.holds("PG-6", "inside", line.right() < RIGHT - SMALL_CELL + 0.05);
    }
    none(&faults);
}

/// V-3, N-5: a text ending on an odd page, on an even page with room, and on a full even page, which a blank page follows.
#[test]
fn the_last_page_is_even_and_blank_pages_have_no_number() {
    let numbers = |name: &str| -> Vec<Option<String>> {
        let pages = pages_of(&json_of(name));
        pages.iter().map(|page| page_number(page).map(|line| line.text())).collect()
    };
    let numbered = |count: usize| -> Vec<Option<String>> {
        (1..=count).map(|page| Some(format!("—{page}—"))).collect()
    };
    assert_eq!(numbers("copies-none"), numbered(2), "even, with room");
    assert_eq!(numbers("sealed-five"), numbered(4), "odd");
    let blank = [numbered(2), vec![None, None]].concat();
    assert_eq!(numbers("sealed-three"), blank, "even, without room");
    assert!(pages_of(&json_of("sealed-three"))[2].glyphs.is_empty(), "page 3 is blank");
}

/// PG-15: the margin of 28 mm is at the left of odd pages and at the right of even ones; page numbers
/// stay on the outer side.
#[test]
fn mirrored_pages_have_the_wide_margin_at_the_bound_edge() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("bound-mirrored"));
    for (index, page) in pages.iter().enumerate() {
        let is_odd = index % 2 == 0;
        let left = if is_odd { LEFT } else { LEFT - 2.0 };
        for line in text_lines(page).iter().filter(|line| line.glyphs.len() == 28) {
            faults.near("PG-15", "right edge", line.right(), left + 156.0, 0.3);
        }
        for rule in &page.rules {
            faults.near("PG-15", "rule", rule.x, left, 0.05);
        }
        let Some(number) = page_number(page) else { continue };
        if is_odd {
            faults.near("N-4", "odd: right", number.right(), left + 156.0 - SMALL_CELL, 0.05);
        } else {
            faults.near("N-4", "even: left", number.left(), left + SMALL_CELL, 0.05);
        }
    }
    let plain = pages_of(&json_of("copies-none"));
    faults.near("PG-15", "without mirroring", plain[1].rules[0].x, LEFT, 0.05);
    none(&faults);
}

/// PG-7: if a document asks for it, more lines are on each page where that saves a sheet: one with the
/// colophon alone, or one for a few lines before a landscape table.
#[test]
fn more_lines_on_each_page_save_a_sheet() {
    let pages = pages_of(&json_of("fewer-sheets"));
    assert_eq!((pages_of(&json_of("text-to-the-foot")).len(), pages.len()), (4, 2));
    assert!(page_number(&pages[1]).is_some());
    let lines = text_lines(&pages[0]);
    let pitch = lines[6].baseline - lines[5].baseline;
    assert!(pitch < (BOTTOM - TOP - 5.57) / 21.5, "{pitch}");
    let rule = rules(&pages[1]).into_iter().fold(0.0, f64::max);
    assert!((rule - BOTTOM).abs() < 0.05, "{rule}");

    let mut filing = json_of("notice-landscape-table");
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * 40).collect();
    filing["body"] = serde_json::json!([format!("{text}。")]);
    let standard = pages_of(&filing).len();
    filing["document"]["fewer_sheets"] = true.into();
    assert_eq!(pages_of(&filing).len() + 2, standard);
    // Where no sheet is saved, nothing changes.
    let mut filing = json_of("copies-none");
    let standard = pages_of(&filing);
    filing["document"]["fewer_sheets"] = true.into();
    let bottom = |pages: &[MeasuredPage]| text_lines(&pages[0]).last().map(|line| line.baseline);
    assert_eq!(bottom(&pages_of(&filing)), bottom(&standard));
}

/// A document whose text ends on page 3 and whose table, on a landscape page 4, leaves no room for the
/// colophon. With `fewer_sheets` both share page 4 (V-2, T-1).
fn with_landscape_table(fewer_sheets: bool, binding: &str) -> serde_json::Value {
    let mut filing = json_of("notice-landscape-table");
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * 42).collect();
    filing["body"] = serde_json::json!([format!("{text}。")]);
    let row =
        |number: usize| serde_json::json!([number.to_string(), "城关镇", "按月核对台账", "无"]);
    let rows: Vec<serde_json::Value> = (1..9).map(row).collect();
    filing["document"]["attachments"][0]["body"] = serde_json::json!([{ "table": {
        "columns": [{}, {}, {}, {}],
        "head": [["序号", "乡镇", "工作情况", "备注"]],
        "rows": rows,
    } }]);
    filing["document"]["fewer_sheets"] = fewer_sheets.into();
    filing["document"]["binding"] = binding.into();
    filing
}

#[test]
fn the_colophon_shares_the_sheet_of_a_landscape_table() {
    let standard = pages_of(&with_landscape_table(false, "left"));
    assert_eq!(standard.len(), 6);
    assert!(standard[4].glyphs.is_empty(), "page 5 is blank");
    let mut faults = Faults::default();
    for (binding, left) in [("left", LEFT), ("mirrored", LEFT - 2.0)] {
        let pages = pages_of(&with_landscape_table(true, binding));
        faults.holds("V-3", format!("four pages, not {}", pages.len()), pages.len() == 4);
        let sheet = pages.last().unwrap();
        let table = sheet.glyphs.iter().filter(|glyph| glyph.is_rotated);
        let lowest = table.map(|glyph| glyph.ink.1).fold(0.0, f64::max);
        let upright = sheet.portrait();
        let rules = rules(&upright);
        faults.holds("V-1", format!("three rules, not {}", rules.len()), rules.len() == 3);
        faults.near("V-2", "last rule", rules.iter().copied().fold(0.0, f64::max), BOTTOM, 0.05);
        let top = rules.iter().copied().fold(BOTTOM, f64::min);
        let space = top - lowest;
        faults.holds("V-2", format!("the table is {space:.1} mm above"), space > 10.0);
        for rule in &upright.rules {
            faults.near("V-1", "left end of a rule", rule.x, left, 0.05);
            faults.near("V-1", "length of a rule", rule.width, RIGHT - LEFT, 0.05);
        }
        let lines = small_lines(&upright);
        faults.holds("V-4", "抄送", lines[0].text().starts_with("抄送：县委农村工作"));
        faults.holds("V-6", "印发", lines.last().unwrap().text().ends_with("11日印发"));
        let number = page_number(&upright).map(|line| line.text());
        faults.holds("N-5", format!("a page number: {number:?}"), number.as_deref() == Some("—4—"));
    }
    none(&faults);
}

/// A table that needs the whole width goes on without the colophon, and then the lines are tightened.
#[test]
fn a_landscape_table_that_would_take_another_page_does_not_share_its_sheet() {
    let mut filing = with_landscape_table(true, "left");
    let rows = |count: usize| -> Vec<serde_json::Value> {
        let cell = "按月核对台账，逐户核实收入变化，及时纳入监测，并报送县乡村振兴局备案。";
        (0..count).map(|_| serde_json::json!(["1", "城关镇", cell, cell])).collect()
    };
    let pages = |filing: &mut serde_json::Value, count: usize, fewer_sheets: bool| {
        filing["document"]["fewer_sheets"] = fewer_sheets.into();
        filing["document"]["attachments"][0]["body"][0]["table"]["rows"] = rows(count).into();
        pages_of(filing)
    };
    let most = (1..30).rev().find(|count| pages(&mut filing, *count, false).len() == 6).unwrap();
    let tight = pages(&mut filing, most, true);
    assert!(tight.last().unwrap().glyphs.iter().all(|glyph| !glyph.is_rotated));
}
