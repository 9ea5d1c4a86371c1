//! Lists of names: labels in a column, names below each other beside it (B-5, B-21).

use crate::elements::forms::{CELL, LEFT, PITCH, RIGHT, found, pages};
use crate::fixtures::seed::TYPESETTER;
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage};

/// A notice with lists of names in its text and in its attachment.
const NOTICE: &str = "notice-roster";

/// The page and the first line on it with a text.
fn line(pages: &[MeasuredPage], text: &str) -> (usize, Line) {
    let lines = pages
        .iter()
        .enumerate()
        .flat_map(|(index, page)| page.lines().into_iter().map(move |line| (index, line)));
    let mut with_text = lines.filter(|(_, line)| line.text().contains(text));
    with_text.next().unwrap_or_else(|| panic!("no {text}"))
}

/// Where the name in a line begins.
fn name_at(line: &Line, name: &str) -> f64 {
    let first: String = name.chars().take(1).collect();
    line.glyphs.iter().find(|glyph| glyph.text == first).map_or(f64::NAN, |glyph| glyph.x)
}

#[test]
fn labels_are_in_a_column_and_names_hang_beside_it() {
    let pages = pages(&TYPESETTER, NOTICE).unwrap();
    let mut faults = Faults::default();
    for label in ["组　长：", "副组长：", "成　员："] {
        let start: String = label.chars().filter(|c| *c != '\u{3000}').take(1).collect();
        let is_labelled = |line: &Line| line.text().starts_with(&start);
        let lines: Vec<Line> = pages.iter().flat_map(MeasuredPage::lines).collect();
        let left = lines.iter().find(|line| is_labelled(line)).map_or(f64::NAN, Line::left);
        faults.near("B-5", &format!("left edge of {label}"), left, LEFT + 2.0 * CELL, 0.05);
    }
    let names = ["程远山", "林若水", "沈清和", "罗知行", "顾雨桐", "市殡仪馆", "办公室副主任"];
    let lines: Vec<(usize, Line)> = names.iter().map(|name| line(&pages, name)).collect();
    for (name, (_, line)) in names.iter().zip(&lines).take(5) {
        let left = name_at(line, name);
        faults.near("B-5", &format!("left edge of {name}"), left, LEFT + 6.0 * CELL, 0.05);
        faults.holds("B-5", format!("{name} within the line"), line.right() < RIGHT + 0.1);
    }
    // The sixth name takes two lines; the second hangs below the name.
    for (pair, count) in lines.windows(2).zip([1.0, 1.0, 1.0, 1.0, 1.0, 2.0]) {
        let pitch = pair[1].1.baseline - pair[0].1.baseline;
        if pair[0].0 == pair[1].0 {
            faults.near("PG-7", "pitch of the names", pitch, count * PITCH, 0.05);
        }
    }
    let (page, first) = &lines[5];
    let below = pages[*page].lines().into_iter().find(|line| line.baseline > first.baseline + 0.1);
    let below = below.expect("the sixth name takes two lines");
    faults.near("B-5", "hangs below the name", below.left(), LEFT + 6.0 * CELL, 0.05);
    let attached = pages
        .iter()
        .position(|page| found(page, "4").is_some_and(|(line, _)| line.text().contains("月4日：")));
    let attached = attached.expect("the attachment has the list");
    let (_, second) = line(&pages[attached..], "顾雨桐");
    faults.near("B-21", "left edge in an attachment", second.left(), LEFT + 7.0 * CELL, 0.05);
    assert_eq!(faults.0, Vec::<String>::new());
}
