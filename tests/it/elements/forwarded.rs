//! Forwarded texts (转发) that are documents themselves: 发文字号, 主送, 署名, 成文日期 and 附注 (B-25).

use serde_json::{Value, json};

use crate::elements::closing::{json_of, pages_of, text_lines, word};
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const MIDDLE: f64 = 106.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const ONE_LINE: f64 = 10.39;
const KAITI: &str = "LXGW WenKai";
const FANGSONG: &str = "Zhuque Fangsong (technical preview)";
const DATE: &str = "2024年5月20日";

/// The line that begins with a text.
fn line(page: &MeasuredPage, start: &str) -> Line {
    let found = page.lines().into_iter().find(|line| line.text().starts_with(start));
    found.unwrap_or_else(|| panic!("no line begins with {start}"))
}

/// The typeface of the first Chinese character of a line.
fn family(line: &Line) -> &str {
    let chinese = line.glyphs.iter().find(|glyph| glyph.text.as_str() >= "一");
    chinese.map_or("", |glyph| glyph.family.as_str())
}

#[test]
fn a_forwarded_document_has_its_parts_in_their_places() {
    let pages = pages_of(&json_of("notice-forwarded-document"));
    let page = &pages[1];
    let mut faults = Faults::default();
    let titles: Vec<Line> = page.lines().into_iter().filter(|line| line.size() > 20.0).collect();
    let number = line(page, "云民发〔2024〕36号");
    faults.holds("B-1", "a title of several lines", titles.len() > 1);
    faults.holds("B-3", titles[0].text(), titles[0].text() == "云岭省民政厅云岭省财政厅");
    for title in &titles {
        faults.near("B-1", "the title in the middle", title.centre(), MIDDLE, 0.1);
    }
    let above = titles.last().unwrap().em_bottom();
    faults.near("B-25", "one line above 发文字号", number.em_top() - above, ONE_LINE, 0.1);
    faults.near("B-25", "发文字号 in the middle", number.centre(), MIDDLE, 0.1);
    faults.holds("B-25", "发文字号 in 仿宋", family(&number) == FANGSONG);
    let recipients = line(page, "各市（州）民政局、各市（州）财政局：");
    let gap = recipients.em_top() - number.em_bottom();
    faults.near("B-4", "one line above 主送机关", gap, ONE_LINE, 0.1);
    faults.near("B-4", "主送机关 at the left edge", recipients.left(), LEFT, 0.05);
    let first = line(page, "为加强困难群众");
    faults.near("B-5", "the text below", first.em_top() - recipients.em_top(), PITCH, 0.05);
    closing_rules(&pages[2], &mut faults);
    let next: Vec<String> = pages[3].lines().iter().take(2).map(Line::text).collect();
    assert_eq!(next, ["附件", "救助补助资金使用情况统计表"]);
    assert_eq!(faults.0, Vec::<String>::new());
}

/// B-9, B-14, B-15, B-20: the list, the names without room for seals, the date and 附注.
fn closing_rules(page: &MeasuredPage, faults: &mut Faults) {
    let pages = std::slice::from_ref(page);
    let text = text_lines(page).into_iter().find(|line| line.text().ends_with("省财政厅。"));
    let list = word(pages, "附件：");
    let above = text.map_or(f64::NAN, |line| line.em_bottom());
    faults.near("B-9", "one line above the list", list.em_top - above, ONE_LINE, 0.1);
    let names = ["云岭省民政厅", "云岭省财政厅"].map(|name| {
        let line = text_lines(page).into_iter().rfind(|line| line.text() == name);
        line.unwrap_or_else(|| panic!("no line {name}"))
    });
    let (date, note) = (word(pages, DATE), word(pages, "（此件依申请公开）"));
    faults.near("B-14", "one line above", names[0].em_top() - list.em_bottom, ONE_LINE, 0.1);
    faults.near("B-15", "one below the other", names[1].em_top() - names[0].em_top(), PITCH, 0.05);
    faults.near("B-15", "one left edge", names[1].left(), names[0].left(), 0.05);
    faults.near("B-14", "the date below", date.em_top - names[1].em_top(), PITCH, 0.05);
    faults.near("B-14", "the date two in", date.left, names[0].left() + 2.0 * CELL, 0.1);
    faults.near("B-14", "right edge of the longer date", date.right, RIGHT - 2.0 * CELL, 0.1);
    faults.near("B-20", "附注 on the next line", note.em_top - date.em_top, PITCH, 0.05);
    faults.near("B-20", "附注 two in", note.left, LEFT + 2.0 * CELL, 0.5);
}

#[test]
fn departments_sign_below_the_title_of_what_a_government_forwards() {
    let pages = pages_of(&json_of("notice-forwarded-opinions"));
    let page = &pages[1];
    let names = ["市教育局市发展和改革委员会市财政局", "市人力资源和社会保障局市住房和城乡建设局"];
    let title = line(page, "关于进一步做好学前教育工作的意见");
    let [first, second, date] =
        [names[0], names[1], "（2024年9月2日）"].map(|start| line(page, start));
    let text = line(page, "为办好学前教育");
    let mut faults = Faults::default();
    faults.near("B-25", "one line", first.em_top() - title.em_bottom(), ONE_LINE, 0.1);
    faults.near("B-25", "the next line", second.em_top() - first.em_top(), PITCH, 0.05);
    faults.near("B-25", "the date below", date.em_top() - second.em_top(), PITCH, 0.05);
    faults.near("B-25", "one line", text.em_top() - date.em_bottom(), ONE_LINE, 0.1);
    for line in [&first, &second, &date] {
        // The blank half of a bracket at the end of a line has no width.
        let tolerance = if line.text().ends_with('）') { CELL / 4.0 + 0.1 } else { 0.1 };
        faults.near("B-25", "in the middle", line.centre(), MIDDLE, tolerance);
        faults.holds("B-25", "in 楷体", family(line) == KAITI);
    }
    let last = text_lines(page).last().unwrap().text();
    faults.holds("B-25", format!("nothing below the text: {last}"), last.ends_with("待遇。"));
    assert_eq!(faults.0, Vec::<String>::new());
}

/// The forwarded document with a text of `lines` lines, with or without its list of attachments.
fn with_lines(lines: usize, has_list: bool) -> Value {
    let mut filing = json_of("notice-forwarded-document");
    let text: String = "各地认真抓好落实".chars().cycle().take(28 * lines - 3).collect();
    filing["issued"]["body"] = json!([format!("{text}。")]);
    if !has_list {
        filing["issued"]["attachments"] = Value::Null;
    }
    filing
}

#[test]
fn the_closing_of_a_forwarded_text_shares_its_page_with_text() {
    let mut moved = 0;
    for (lines, has_list) in (1..=40).flat_map(|lines| [(lines, true), (lines, false)]) {
        let pages = pages_of(&with_lines(lines, has_list));
        let has_date = |page: &&MeasuredPage| page.lines().iter().any(|line| line.text() == DATE);
        let page = pages.iter().find(has_date).unwrap();
        let texts: Vec<String> = text_lines(page).iter().map(Line::text).collect();
        let count = texts.iter().filter(|text| text.contains("落实")).count();
        assert!(count >= lines.min(2), "{lines} lines, {has_list}: {texts:?}");
        assert!(texts.contains(&"（此件依申请公开）".to_owned()), "{lines} lines: {texts:?}");
        assert!(text_lines(page).iter().all(|line| line.em_bottom() < 262.05), "{lines} lines");
        moved += usize::from(count < lines);
    }
    assert!(moved > 20, "only {moved} closings moved to the next page");
}

#[test]
fn the_longest_closing_of_a_forwarded_text_stays_inside_the_type_area() {
    let mut filing = with_lines(30, true);
    let name = |index: usize| format!("{}第{index}研究所", "困难群众救助工作".repeat(6));
    filing["issued"]["sign_off"] = (1..=20).map(name).collect();
    let title = |index: usize| json!({ "title": format!("第{index}批补助资金分配表") });
    filing["issued"]["attachments"] = (1..=30).map(title).collect();
    let pages = pages_of(&filing);
    let lines = || pages.iter().flat_map(MeasuredPage::lines);
    assert!(lines().all(|line| line.em_bottom() < 262.05 || line.size() < 15.0));
    let printed: String = lines().map(|line| line.text()).collect();
    assert!(printed.contains("第20研究所") && printed.contains("30.第30批"), "{printed}");
}

#[test]
fn a_date_alone_is_two_characters_from_the_right() {
    let mut filing = with_lines(3, false);
    filing["issued"]["sign_off"] = Value::Null;
    let pages = pages_of(&filing);
    let date = word(&pages, DATE);
    assert!((date.right - (RIGHT - 2.0 * CELL)).abs() < 0.1, "{}", date.right);
}
