//! Checks colophon and page numbers against the standard.

use crate::pages::geometry::{BOTTOM, Faults, LEFT, RIGHT, SERIF, SMALL_CELL};
use crate::pages::ruler::{Line, MeasuredPage, Rule};

/// V-1 to V-8.
pub(crate) fn colophon_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let Some(page) = pages.last() else { return };
    let rules: Vec<&Rule> = page.rules.iter().filter(|rule| !rule.is_red).collect();
    faults.holds("V-1", format!("three rules, not {}", rules.len()), rules.len() == 3);
    if rules.len() != 3 {
        return;
    }
    for (rule, thickness) in rules.iter().zip([0.35, 0.25, 0.35]) {
        faults.near("V-1", "left end of a rule", rule.x, LEFT, 0.05);
        faults.near("V-1", "width of a rule", rule.width, 156.0, 0.05);
        faults.near("V-1", "thickness of a rule", rule.thickness, thickness, 0.01);
    }
    faults.near("V-2", "last rule on the lower edge", rules[2].y, BOTTOM, 0.05);
    faults.near("V-8", "height of the 印发 line", rules[2].y - rules[1].y, 9.0, 0.1);
    faults.near("V-8", "height of one 抄送 line", rules[1].y - rules[0].y, 9.0, 0.1);
    let lines = page.lines();
    let line = |text: &str| lines.iter().find(|line| line.text().starts_with(text));
    let (Some(copies), Some(printing)) = (line("抄送："), line("巴中市民政局办公室"))
    else {
        faults.holds("V-4", "抄送 and 印发 are on the last page", false);
        return;
    };
    faults.holds("V-4", "抄送 ends with 。", copies.text() == "抄送：省财政厅。");
    faults.holds("V-6", "印发", printing.text() == "巴中市民政局办公室2021年12月22日印发");
    for line in [copies, printing] {
        faults.near("V-4", "size in pt", line.size(), 14.0, 0.1);
        faults.near("V-4", "left edge", line.left(), LEFT + SMALL_CELL, 0.05);
    }
    faults.near("V-4", "names after 抄送：", copies.glyphs[3].x, LEFT + 4.0 * SMALL_CELL, 0.05);
    faults.near("V-6", "right edge of 印发日期", printing.right(), RIGHT - SMALL_CELL, 0.1);
}

/// V-4, V-8: a list of 抄送 that wraps has a hanging indent, and the colophon grows upwards.
pub fn wrapped_copies_faults(pages: &[MeasuredPage]) -> Vec<String> {
    let mut faults = Faults::default();
    let Some(page) = pages.last() else { return vec!["no page".to_owned()] };
    let lines = page.lines();
    let Some(first) = lines.iter().position(|line| line.text().starts_with("抄送：")) else {
        return vec!["V-4: 抄送 is on the last page".to_owned()];
    };
    let Some(last) = lines.iter().position(|line| line.text().ends_with("印发")) else {
        return vec!["V-6: 印发 is on the last page".to_owned()];
    };
    let texts: Vec<String> = lines[first..last].iter().map(Line::text).collect();
    faults.holds("V-4", format!("three lines, not {texts:?}"), texts.len() == 3);
    for pair in lines[first..last].windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        faults.near("V-8", "pitch of 抄送", pitch, 7.88, 0.05);
        faults.near("V-4", "hang of 抄送", pair[1].left(), LEFT + 4.0 * SMALL_CELL, 0.05);
    }
    let rules: Vec<f64> = page.rules.iter().map(|rule| rule.y).collect();
    let height = rules.get(1).zip(rules.first()).map_or(f64::NAN, |(b, a)| b - a);
    faults.near("V-8", "height of the 抄送 cell", height, 9.0 + 2.0 * 7.88, 0.1);
    faults.near("V-2", "last rule", rules.last().copied().unwrap_or(f64::NAN), BOTTOM, 0.05);
    faults.0
}

/// N-1 to N-7.
pub(crate) fn page_number_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    for (index, page) in pages.iter().enumerate() {
        let page_number = index + 1;
        let lines = page.lines();
        let Some(line) = lines.iter().find(|line| line.baseline > BOTTOM + 1.0) else {
            faults.holds("N-7", format!("page {page_number} has a number"), false);
            continue;
        };
        faults.holds("N-1", "a number between dashes", line.text() == format!("—{page_number}—"));
        faults.near("N-1", "size in pt", line.size(), 14.0, 0.1);
        let is_song = line.glyphs.iter().all(|glyph| glyph.family == SERIF);
        faults.holds("N-1", "the number in 宋体", is_song);
        let dash = &line.glyphs[0];
        let middle = f64::midpoint(dash.ink.0, dash.ink.1);
        faults.near("N-2", "middle of the dash", middle, 269.0, 0.2);
        if page_number % 2 == 1 {
            faults.near("N-4", "odd: right edge", line.right(), RIGHT - SMALL_CELL, 0.05);
        } else {
            faults.near("N-4", "even: left edge", line.left(), LEFT + SMALL_CELL, 0.05);
        }
        let gap = line.glyphs[1].ink_x.0 - dash.ink_x.1;
        faults.near("N-3", "gap between dash and digit", gap, 4.1, 0.45);
    }
}
