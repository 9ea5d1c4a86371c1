//! Checks the seed filing against the standard to fractions of a millimetre, with the ids of its clauses.
//!
//! The figures are duplicated on purpose: `theme.typ` states what is printed, this file states what the
//! standard requires, and neither reads the other.

pub mod foot;

use crate::pages::geometry::foot::{colophon_rules, page_number_rules};
use crate::pages::ruler::{Line, MM_PER_PT, MeasuredPage, Rule};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const ONE_LINE: f64 = 10.39;
const SMALL_CELL: f64 = 14.0 * MM_PER_PT;

const FANGSONG: &str = "Zhuque Fangsong (technical preview)";
const KAITI: &str = "LXGW WenKai";
const HEITI: &str = "Noto Sans SC";
const SERIF: &str = "Noto Serif SC";

/// The violations on pages: one sentence each, beginning with the id of the clause.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<String>);

impl Faults {
    pub fn near(&mut self, id: &str, what: &str, measured: f64, expected: f64, tolerance: f64) {
        // Negated so that NaN is a fault.
        let holds = (measured - expected).abs() <= tolerance;
        if !holds {
            self.0.push(format!("{id}: {what} is {measured:.3}, not {expected:.3} ± {tolerance}"));
        }
    }

    pub fn holds(&mut self, id: &str, what: impl Into<String>, is_so: bool) {
        if !is_so {
            self.0.push(format!("{id}: {}", what.into()));
        }
    }
}

/// The violations of the rules of sections 1 to 5 that apply to an upward joint report with seals.
pub fn faults(pages: &[MeasuredPage]) -> Vec<String> {
    let mut faults = Faults::default();
    page_rules(pages, &mut faults);
    grid_rules(pages, &mut faults);
    mark_rules(&pages[0], &mut faults);
    number_rules(&pages[0], &mut faults);
    title_rules(&pages[0], &mut faults);
    heading_rules(pages, &mut faults);
    closing_rules(pages, &mut faults);
    colophon_rules(pages, &mut faults);
    page_number_rules(pages, &mut faults);
    faults.0
}

fn is_han(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'))
}

fn is_body(line: &Line) -> bool {
    (15.0..17.0).contains(&line.size()) && line.baseline < BOTTOM
}

pub fn body_lines(page: &MeasuredPage) -> Vec<Line> {
    page.lines().into_iter().filter(is_body).collect()
}

fn page_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    faults.holds("V-3", "the last page is even", pages.len().is_multiple_of(2));
    for (index, page) in pages.iter().enumerate() {
        faults.near("PG-1", "page width", page.width, 210.0, 0.01);
        faults.near("PG-1", "page height", page.height, 297.0, 0.01);
        for line in page.lines().iter().filter(|line| line.baseline < BOTTOM + 1.0) {
            let page_number = index + 1;
            faults.holds(
                "PG-6",
                format!("page {page_number}: “{}” is inside 37 to 262 mm", line.text()),
                line.em_top() > TOP - 0.05 && line.em_bottom() < BOTTOM + 0.05,
            );
            for glyph in &line.glyphs {
                faults.holds(
                    "PG-6",
                    format!("page {page_number}: {} is inside 28 to 184 mm", glyph.text),
                    glyph.ink_x.0 > LEFT - 0.3 && glyph.ink_x.1 < RIGHT + 0.3,
                );
            }
        }
    }
}

/// PG-7, 1.2, 1.3, section 9: 22 lines of 28 characters from edge to edge, on every page.
fn grid_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let mut fullest = 0;
    for (index, page) in pages.iter().enumerate() {
        let page_number = index + 1;
        let lines = body_lines(page);
        let text = lines.iter().take_while(|line| !line.text().starts_with("附件："));
        let text: Vec<&Line> = text.collect();
        fullest = fullest.max(text.len());
        for line in text.iter().filter(|_| index > 0) {
            let row = ((line.em_top() - TOP) / PITCH).round();
            let expected = TOP + row * PITCH;
            faults.near(
                "PG-7",
                &format!("page {page_number} row {row}"),
                line.em_top(),
                expected,
                0.05,
            );
        }
        for line in &text {
            line_rules(line, page_number, faults);
        }
    }
    faults.holds("PG-7", format!("a full page has 22 lines, not {fullest}"), fullest == 22);
}

fn line_rules(line: &Line, page_number: usize, faults: &mut Faults) {
    let text = line.text();
    let (first, last) = (text.chars().next(), text.chars().next_back());
    faults.holds(
        "9",
        format!("page {page_number}: no closing punctuation begins “{text}”"),
        !first.is_some_and(|c| "，。、；：？！”’）〕】》〉%…".contains(c)),
    );
    faults.holds(
        "9",
        format!("page {page_number}: no opening punctuation ends “{text}”"),
        !last.is_some_and(|c| "“‘（〔【《〈".contains(c)),
    );
    let is_full = line.glyphs.len() >= 26
        && (line.left() - LEFT).abs() < 1.0
        && line.glyphs.iter().all(|glyph| is_han(&glyph.text));
    if is_full {
        faults.holds("PG-7", format!("28 characters: “{text}”"), line.glyphs.len() == 28);
        faults.near("1.3", "full line's left edge", line.left(), LEFT, 0.05);
        faults.near("1.3", "full line's right edge", line.right(), RIGHT, 0.1);
    }
    let left = line.left() - LEFT;
    let is_indented = (left - 2.0 * CELL).abs() < 0.05 || left.abs() < 0.05;
    // Opening punctuation at the start of a line loses its blank half.
    let opens = first.is_some_and(|c| "“‘（〔【《〈".contains(c));
    let is_head = text.contains("签发人");
    faults.holds(
        "B-5",
        format!(
            "page {page_number}: “{text}” starts at the margin or two characters in, not {left:.2}"
        ),
        is_indented || opens || is_head,
    );
}

/// H-5 to H-8.
fn mark_rules(page: &MeasuredPage, faults: &mut Faults) {
    let mark: Vec<_> = page.glyphs.iter().filter(|glyph| glyph.is_red).collect();
    let names: Vec<_> = mark.iter().filter(|glyph| !"文件".contains(&glyph.text)).collect();
    let suffix: Vec<_> = mark.iter().filter(|glyph| "文件".contains(&glyph.text)).collect();
    faults.holds(
        "H-8",
        "two names of six characters and 文件",
        names.len() == 12 && suffix.len() == 2,
    );
    if names.len() != 12 || suffix.len() != 2 {
        return;
    }
    let min = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let max = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let top = min(&mut mark.iter().map(|glyph| glyph.ink.0));
    let bottom = max(&mut names.iter().map(|glyph| glyph.ink.1));
    faults.near("H-6", "upper edge of the mark", top, 72.0, 0.1);
    faults.holds("H-7", "the mark is 小标宋", mark.iter().all(|glyph| glyph.family == SERIF));
    faults.near("H-7", "size of the mark in pt", mark[0].size, 42.0, 0.1);
    let (first, second) = (names[0].baseline, names[6].baseline);
    faults.near("H-8", "pitch of the names", second - first, 20.2, 0.1);
    faults.near("H-8", "second name below the first", names[6].x, names[0].x, 0.05);
    faults.near("H-8", "names of equal width", names[11].right(), names[5].right(), 0.05);
    faults.near("H-8", "gap before 文件", suffix[0].x - names[5].right(), 10.5, 0.1);
    let middle = (suffix[0].ink.0 + suffix[0].ink.1.max(suffix[1].ink.1)) / 2.0;
    faults.near("H-8", "文件 in the middle of the names", middle, f64::midpoint(top, bottom), 0.5);
    let block = f64::midpoint(names[0].x, suffix[1].right());
    faults.near("H-8", "the mark in the middle of the type area", block, 106.0, 0.1);
    let lines = page.lines();
    let number = lines.iter().find(|line| line.text().contains("签发人"));
    let gap = number.map_or(f64::NAN, |line| line.em_top() - bottom);
    faults.near("H-10", "two lines from the mark to 发文字号", gap, 2.0 * ONE_LINE, 0.1);
}

/// H-11 to H-17.
fn number_rules(page: &MeasuredPage, faults: &mut Faults) {
    let lines = page.lines();
    let Some(line) = lines.iter().find(|line| line.text().contains("签发人：")) else {
        faults.holds("H-13", "签发人 is on page 1", false);
        return;
    };
    faults.holds(
        "H-12",
        format!("发文字号 and 签发人 share a line: {}", line.text()),
        line.text() == "巴市民政〔2021〕38号签发人：肖飞吕爱国",
    );
    faults.near("H-12", "left edge of 发文字号", line.left(), LEFT + CELL, 0.05);
    faults.near("H-13", "right edge of 签发人", line.right(), RIGHT - CELL, 0.05);
    faults.near("PG-8", "size of 发文字号 in pt", line.size(), 15.79, 0.25);
    let face = |text: &str| line.glyphs.iter().find(|g| g.text == text).map(|g| g.family.clone());
    faults.holds("H-13", "the label in 仿宋", face("签").as_deref() == Some(FANGSONG));
    faults.holds("H-13", "the names in 楷体", face("飞").as_deref() == Some(KAITI));
    let at = |text: &str| line.glyphs.iter().find(|g| g.text == text).map_or(f64::NAN, |g| g.x);
    faults.near("H-15", "肖 and 飞 take the room of three", at("飞") - at("肖"), 2.0 * CELL, 0.05);
    faults.near("H-14", "one character between the names", at("吕") - at("飞"), 2.0 * CELL, 0.05);
    let red: Vec<&Rule> = page.rules.iter().filter(|rule| rule.is_red).collect();
    faults.holds("H-16", "one red rule", red.len() == 1);
    let Some(rule) = red.first() else { return };
    faults.near("H-16", "发文字号 to the rule", rule.y - line.em_bottom(), 4.0, 0.1);
    faults.near("H-16", "left end of the rule", rule.x, LEFT, 0.05);
    faults.near("H-16", "width of the rule", rule.width, 156.0, 0.05);
    faults.near("H-17", "thickness of the rule", rule.thickness, 0.5, 0.05);
}

/// B-1 to B-4.
fn title_rules(page: &MeasuredPage, faults: &mut Faults) {
    let lines = page.lines();
    let title: Vec<&Line> = lines.iter().filter(|line| (line.size() - 22.0).abs() < 0.5).collect();
    let texts: Vec<String> = title.iter().map(|line| line.text()).collect();
    faults.holds(
        "B-3",
        format!("the title breaks by meaning: {texts:?}"),
        texts
            == [
                "巴中市民政局巴中市财政局",
                "关于报送2021年度困难群众救助工作",
                "绩效评价自评情况的报告",
            ],
    );
    let Some((first, last)) = title.first().zip(title.last()) else { return };
    for line in &title {
        faults.near("B-1", "the title's middle", line.centre(), 106.0, 0.1);
        faults.holds("B-1", "the title in 小标宋", line.glyphs.iter().all(|g| g.family == SERIF));
    }
    for pair in title.windows(2) {
        faults.near("B-2", "pitch of the title", pair[1].baseline - pair[0].baseline, 12.51, 0.05);
    }
    let rule = page.rules.iter().find(|rule| rule.is_red).map_or(f64::NAN, |rule| rule.y);
    faults.near("B-1", "two lines from the rule to the title", first.em_top() - rule, 20.78, 0.1);
    let Some(recipient) = lines.iter().find(|line| line.text() == "省民政厅：") else {
        faults.holds("B-4", "主送机关 is on page 1", false);
        return;
    };
    let gap = recipient.em_top() - last.em_bottom();
    faults.near("B-4", "one line from the title to 主送机关", gap, ONE_LINE, 0.1);
    faults.near("B-4", "left edge of 主送机关", recipient.left(), LEFT, 0.05);
    let body = lines.iter().find(|line| line.baseline > recipient.baseline + 1.0);
    let pitch = body.map_or(f64::NAN, |line| line.baseline - recipient.baseline);
    faults.near("B-5", "主送机关 to the body", pitch, PITCH, 0.05);
}

/// B-6: typefaces of the headings; no heading is the last line of its page.
fn heading_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let mut seen = [0; 3];
    for (index, page) in pages.iter().enumerate() {
        let lines = body_lines(page);
        for (row, line) in lines.iter().enumerate() {
            let text = line.text();
            let Some((level, family)) = heading_level(&text, line.left()) else { continue };
            seen[level] += 1;
            let mut han = line.glyphs.iter().filter(|glyph| is_han(&glyph.text));
            faults.holds("B-6", format!("“{text}” in {family}"), han.all(|g| g.family == family));
            let is_last = row + 1 == lines.len();
            faults.holds("9", format!("page {}: “{text}” is not last", index + 1), !is_last);
        }
    }
    faults.holds("B-6", format!("5, 12 and 24 headings, not {seen:?}"), seen == [5, 12, 24]);
}

fn heading_level(text: &str, left: f64) -> Option<(usize, &'static str)> {
    if (left - LEFT - 2.0 * CELL).abs() > 0.05 + CELL / 2.0 {
        return None;
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if "一二三四五".contains(text.chars().next()?) && text.chars().nth(1) == Some('、') {
        Some((0, HEITI))
    } else if text.starts_with('（') && text.contains("）") && !text.starts_with("（1") {
        let number: String = text.chars().skip(1).take_while(|c| *c != '）').collect();
        number.chars().all(|c| "一二三四五六七八九十".contains(c)).then_some((1, KAITI))
    } else if (1..=2).contains(&digits) && text[digits..].starts_with('.') {
        Some((2, FANGSONG))
    } else {
        None
    }
}

/// B-9 to B-12.
fn closing_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let found = pages.iter().find_map(|page| {
        let lines = body_lines(page);
        let row = lines.iter().position(|line| line.text().starts_with("附件："))?;
        Some((lines, row))
    });
    let Some((lines, row)) = found.filter(|(lines, row)| *row > 0 && lines.len() >= row + 3) else {
        faults.holds("B-18", "附件说明, 署名 and 成文日期 share a page with text", false);
        return;
    };
    let (before, list, names, date) =
        (&lines[row - 1], &lines[row], &lines[row + 1], &lines[row + 2]);
    faults.near("B-9", "one line above 附件", list.em_top() - before.em_bottom(), ONE_LINE, 0.1);
    faults.near("B-9", "left edge of 附件", list.left(), LEFT + 2.0 * CELL, 0.05);
    faults.near("B-9", "left edge of its name", list.glyphs[3].x, LEFT + 5.0 * CELL, 0.05);
    faults.holds("B-12", "the names on one line", names.text() == "巴中市民政局巴中市财政局");
    faults.holds("B-17", "成文日期", date.text() == "2021年12月22日");
    faults.near("B-10", "right edge of 成文日期", date.right(), RIGHT - 4.0 * CELL, 0.1);
    faults.near("B-10", "署名 above 成文日期", date.baseline - names.baseline, PITCH, 0.05);
    if names.glyphs.len() == 12 {
        let centre = |range: std::ops::Range<usize>| {
            f64::midpoint(names.glyphs[range.start].x, names.glyphs[range.end - 1].right())
        };
        faults.near("B-12", "the last name above the date", centre(6..12), date.centre(), 0.1);
        faults.near("B-12", "distance of two seals", centre(6..12) - centre(0..6), 47.1, 0.1);
    }
    // The place of the seals has a line less if its page has no room for it (B-18).
    let is_full = date.em_bottom() + PITCH > BOTTOM + 0.1;
    let (place, least_gap) = if is_full { (3.0, -0.25) } else { (4.0, 0.0) };
    // A seal of 42 mm whose lower edge is that of the date is within one line of the text (B-10).
    let seal_top = date.em_bottom() - 42.0;
    let gap = seal_top - list.em_bottom();
    faults.holds(
        "B-10",
        format!("the seal within one line: {gap:.2}"),
        (least_gap..=ONE_LINE).contains(&gap),
    );
    let rows = names.em_top() - list.em_bottom();
    faults.near("B-11", "place above 署名", rows, place * PITCH - CELL, 0.1);
}
