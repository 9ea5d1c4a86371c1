//! Minutes 纪要 against section 7 of the layout rules (S1 10.3).

use hongtou::render::typesetter::Typesetter;

use crate::elements::forms::{CELL, LEFT, ONE_LINE, PITCH, found, mark, pages, rules};
use crate::fixtures::seed::TYPESETTER;
use crate::pages::geometry::Faults;
use crate::pages::ruler::MeasuredPage;

const HEITI: &str = "Noto Sans SC";
const FANGSONG: &str = "Zhuque Fangsong (technical preview)";

/// Minutes of an office meeting, with its attendance.
pub const MEETING: &str = "minutes-2023-5";

/// The violations in the minutes.
pub fn faults(typesetter: &Typesetter) -> Vec<String> {
    let mut faults = Faults::default();
    match pages(typesetter, MEETING) {
        Ok(pages) => {
            head(&pages[0], &mut faults);
            let attended = pages.iter().find(|page| found(page, "出席：").is_some());
            match attended {
                Some(page) => attendance(page, &mut faults),
                None => faults.holds("S1 10.3", "出席 is on a page", false),
            }
        }
        Err(error) => faults.0.push(error),
    }
    faults.0
}

fn head(page: &MeasuredPage, faults: &mut Faults) {
    let mark = mark(page);
    faults.holds("S1 10.3", format!("××纪要: {}", mark.text), mark.text == "局长办公会议纪要");
    faults.near("S1 10.3", "upper edge of the mark", mark.top, 72.0, 0.1);
    faults.near("S1 10.3", "the mark in the middle", mark.centre, 106.0, 0.1);
    faults.holds("H-16", "one red rule", rules(page, true).len() == 1);
}

/// 出席 one line below the text, names with a hanging indent after the colon, each list in its own row.
fn attendance(page: &MeasuredPage, faults: &mut Faults) {
    let lines = page.lines();
    let rows: Vec<usize> = ["出席：", "请假：", "列席："]
        .iter()
        .filter_map(|label| lines.iter().position(|line| line.text().starts_with(label)))
        .collect();
    let [present, absent, observers] = rows.as_slice() else {
        faults.holds("S1 10.3", format!("three lists on one page, not {rows:?}"), false);
        return;
    };
    if let Some(above) = present.checked_sub(1) {
        let gap = lines[*present].em_top() - lines[above].em_bottom();
        faults.near("S1 10.3", "one line above 出席", gap, ONE_LINE, 0.1);
    }
    let text = lines[*present].text();
    faults.holds("S1 10.3", format!("names on one line each: {text}"), text.ends_with('、'));
    for row in &rows {
        let line = &lines[*row];
        faults.near("S1 10.3", "left edge of a label", line.left(), LEFT + 2.0 * CELL, 0.05);
        faults.holds("S1 10.3", "the label in 黑体", line.glyphs[0].family == HEITI);
        faults.holds("S1 10.3", "the names in 仿宋", line.glyphs[3].family == FANGSONG);
        faults.near("S1 10.3", "names after the colon", line.glyphs[3].x, LEFT + 5.0 * CELL, 0.05);
    }
    faults.holds("S1 10.3", "出席 wraps", absent - present >= 2);
    faults.holds("S1 10.3", "列席 in order", observers > absent);
    for pair in lines[*present..=*observers].windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        faults.near("S1 10.3", "pitch of the lists", pitch, PITCH, 0.05);
    }
    let wrapped = lines[present + 1].left();
    faults.near("S1 10.3", "hangs after the colon", wrapped, LEFT + 5.0 * CELL, 0.05);
}

#[test]
fn minutes_follow_every_rule() {
    assert_eq!(faults(&TYPESETTER), Vec::<String>::new());
}
