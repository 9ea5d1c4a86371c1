//! Letters 信函 against section 7 of the layout rules (S1 10.1, F11).

use hongtou::render::typesetter::Typesetter;

use crate::elements::forms::{
    BOTTOM, LEFT, ONE_LINE, PITCH, RIGHT, SMALL_CELL, found, mark, pages, rules,
};
use crate::fixtures::seed::TYPESETTER;
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage};

const HEITI: &str = "Noto Sans SC";

/// Seven eighths of 3号.
const HEAD_GAP: f64 = 4.84;

/// A letter of one page.
pub const SHORT: &str = "letter-2023-46";
/// A joint letter of two, with 份号, 密级 and 紧急程度.
pub const JOINT: &str = "letter-joint-2022-115";

/// A letter whose 抄送 is one line of the lists below its 附注.
pub const FULL: &str = "letter-note-and-copies";

/// The violations in the letters.
pub fn faults(typesetter: &Typesetter) -> Vec<String> {
    let mut faults = Faults::default();
    match (pages(typesetter, SHORT), pages(typesetter, JOINT)) {
        (Ok(short), Ok(joint)) => {
            first_page(&short[0], "川民函〔2023〕46号", &[], &mut faults);
            let labels = ["000012", "机密★1年", "特急"];
            first_page(&joint[0], "川民函〔2022〕115号", &labels, &mut faults);
            faults.holds("S1 10.1", "a short letter has one page", short.len() == 1);
            faults.holds("S1 10.1", "the long letter has two pages", joint.len() == 2);
            last_page(&short, "抄送：省财政厅，各市（州）民政局。", &mut faults);
            last_page(&joint, "抄送：民政部社会救助司，财政部社会保障司。", &mut faults);
            later_pages(&joint, &mut faults);
        }
        (Err(error), _) | (_, Err(error)) => faults.0.push(error),
    }
    match pages(typesetter, FULL) {
        Ok(pages) => {
            faults.holds("V-8", "抄送 is below 附注 on page 1", pages.len() == 1);
            last_page(&pages, "抄送：市人大常委会人事代表选举委员会，市政府办公室。", &mut faults);
        }
        Err(error) => faults.0.push(error),
    }
    faults.0
}

fn first_page(page: &MeasuredPage, number: &str, labels: &[&str], faults: &mut Faults) {
    let mark = mark(page);
    faults.holds(
        "S1 10.1",
        format!("only the lead agency: {}", mark.text),
        mark.text == "四川省民政厅",
    );
    faults.near("S1 10.1", "upper edge of the mark", mark.top, 30.0, 0.1);
    faults.near("S1 10.1", "the mark in the middle", mark.centre, 106.0, 0.1);
    let rules = rules(page, true);
    faults.holds("S1 10.1", format!("two double rules, not {rules:?}"), rules.len() == 4);
    let [thick, thin, foot_thin, foot_thick] = rules.as_slice() else { return };
    for (rule, thickness) in rules.iter().zip([0.75, 0.25, 0.25, 0.75]) {
        faults.near("S1 10.1", "left end of a rule", rule.x, 20.0, 0.05);
        faults.near("S1 10.1", "width of a rule", rule.width, 170.0, 0.05);
        faults.near("F11", "thickness of a rule", rule.thickness, thickness, 0.01);
    }
    faults.near("S1 10.1", "mark to double rule", thick.y - 0.375 - mark.bottom, 4.0, 0.1);
    faults.near("F11", "white in the first pair", thin.y - thick.y - 0.5, 0.94, 0.05);
    faults.near("F11", "white in the second pair", foot_thick.y - foot_thin.y - 0.5, 0.94, 0.05);
    faults.near("S1 10.1", "second pair's lower edge", foot_thick.y + 0.375, 277.0, 0.05);
    head(page, number, labels, thin.y + 0.125, faults);
    let lines = page.lines();
    let lowest = lines.last().map_or(f64::NAN, Line::em_bottom);
    let room = foot_thin.y - 0.125 - lowest;
    faults.holds("S1 10.1", format!("text clear of the second pair: {room:.2}"), room > HEAD_GAP);
    faults.holds("N-7", "no number on the first page", lowest < BOTTOM + 0.1);
}

/// 份号, 密级, 紧急程度 and 发文字号 below the first double rule, the title below them.
fn head(page: &MeasuredPage, number: &str, labels: &[&str], rule: f64, faults: &mut Faults) {
    let lines = page.lines();
    let Some(row) = lines.iter().position(|line| line.text().ends_with(number)) else {
        faults.holds("S1 10.1", format!("{number} is on page 1"), false);
        return;
    };
    let first = &lines[row];
    faults.near("S1 10.1", "first pair to 发文字号", first.em_top() - rule, HEAD_GAP, 0.1);
    faults.near("S1 10.1", "right edge of 发文字号", first.right(), RIGHT, 0.1);
    for (index, label) in labels.iter().enumerate() {
        let line = &lines[row + index];
        faults.holds("S1 10.1", format!("{label} stacked"), line.text().starts_with(label));
        faults.near("S1 10.1", "left edge of a label", line.left(), LEFT, 0.05);
        let pitch = line.baseline - first.baseline;
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let expected = index as f64 * PITCH;
        faults.near("S1 10.1", "labels line by line", pitch, expected, 0.05);
        faults.holds("H-2", "labels in 黑体", line.glyphs[0].family == HEITI);
    }
    let last = &lines[row + labels.len().saturating_sub(1)];
    let title = &lines[row + labels.len().max(1)];
    faults.near("B-1", "size of the title", title.size(), 22.0, 0.1);
    let gap = title.em_top() - last.em_bottom();
    faults.near("S1 10.1", "two lines above the title", gap, 2.0 * ONE_LINE, 0.1);
}

/// Only 抄送, without rules, at the lower edge.
fn last_page(pages: &[MeasuredPage], copies: &str, faults: &mut Faults) {
    let Some(page) = pages.last() else { return };
    faults.holds("S1 10.1", "no rules in the colophon", rules(page, false).is_empty());
    let has_printing = page.lines().iter().any(|line| line.text().contains("印发"));
    faults.holds("S1 10.1", "neither 印发机关 nor 印发日期", !has_printing);
    let Some((line, _)) = found(page, "抄送：") else {
        faults.holds("S1 10.1", "抄送 is on the last page", false);
        return;
    };
    let text = line.text().replace('\u{2060}', "");
    faults.holds("V-4", format!("{text} is {copies}"), text == copies);
    faults.near("V-4", "size in pt", line.size(), 14.0, 0.1);
    faults.near("V-4", "left edge", line.left(), LEFT + SMALL_CELL, 0.05);
    faults.near("V-4", "names after 抄送：", line.glyphs[3].x, LEFT + 4.0 * SMALL_CELL, 0.05);
    faults.near("S1 10.1", "lower edge of 抄送", line.em_bottom(), BOTTOM, 0.1);
}

fn later_pages(pages: &[MeasuredPage], faults: &mut Faults) {
    let page = &pages[1];
    faults.holds("S1 10.1", "red only on page 1", rules(page, true).is_empty());
    let lines = page.lines();
    let page_number = lines.last();
    let text = page_number.map(crate::pages::ruler::Line::text);
    faults.holds("N-1", format!("page 2 is numbered: {text:?}"), text.as_deref() == Some("—2—"));
}

#[test]
fn letters_follow_every_rule() {
    assert_eq!(faults(&TYPESETTER), Vec::<String>::new());
}
