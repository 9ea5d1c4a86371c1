//! The invariants of every table cell, on portrait and landscape pages (T-2, section 9).

use std::collections::BTreeMap;

use crate::pages::invariants::{CLOSING, OPENING, Row, ends_in_number};
use crate::pages::ruler::{Glyph, Line, MeasuredPage, Rule};

/// The width of the rules at both sides of a column and of the insets of its cells.
const INSETS: f64 = 3.2;

/// Every fault of the cells. Pages are in reading position.
pub fn faults(pages: &[MeasuredPage]) -> Vec<String> {
    let numbered = pages.iter().zip(1..);
    let mut faults: Vec<String> =
        numbered.flat_map(|(page, page_number)| rule_faults(page, page_number)).collect();
    for rows in cells(pages).values() {
        for pair in rows.windows(2) {
            let room = room(&pair[0].line, &pages[pair[0].page - 1]);
            faults.extend(line_faults(&pair[0], &pair[1], room));
        }
    }
    faults
}

/// The lines of each cell, across page breaks.
fn cells(pages: &[MeasuredPage]) -> BTreeMap<usize, Vec<Row>> {
    let mut found: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for (page, page_number) in pages.iter().zip(1..) {
        let mut glyphs: BTreeMap<usize, Vec<Glyph>> = BTreeMap::new();
        for glyph in &page.glyphs {
            if let Some(cell) = glyph.place.cell {
                glyphs.entry(cell).or_default().push(glyph.clone());
            }
        }
        for (cell, glyphs) in glyphs {
            let lines = MeasuredPage { glyphs, ..page.clone() }.lines();
            found
                .entry(cell)
                .or_default()
                .extend(lines.into_iter().map(|line| Row { page: page_number, line }));
        }
    }
    found
}

fn line_faults(row: &Row, next: &Row, room: f64) -> Vec<String> {
    let mut faults = Vec::new();
    let (text, follows) = (row.line.text(), next.line.text());
    let mut tell = |rule: &str| {
        faults.push(format!("9: page {}: in a cell {rule}: “{text}” “{follows}”", row.page));
    };
    let holds_marks = room > FEWEST * EM;
    let (last, first) = (text.chars().next_back(), follows.chars().next());
    if holds_marks && first.is_some_and(|c| CLOSING.contains(c)) {
        tell("closing punctuation begins a line");
    }
    if holds_marks && last.is_some_and(|c| OPENING.contains(c)) {
        tell("opening punctuation ends a line");
    }
    if [Some('—'), Some('…')].contains(&last) && last == first && 2.0 * EM < room {
        tell("—— or …… is split");
    }
    let is_split = ends_in_number(&text) && first.is_some_and(|c| c.is_ascii_digit() || c == '%');
    if is_split && latin_width(&row.line, &next.line) < room {
        tell("a number that fits the column is split");
    }
    faults
}

/// A narrower column has no room for a word with its punctuation, such as （《一》）。.
const FEWEST: f64 = 7.0;
/// An em of a table's text.
const EM: f64 = 12.0 * 25.4 / 72.0;

/// The width of the word of digits and letters that is split at the end of a line.
fn latin_width(line: &Line, next: &Line) -> f64 {
    let is_latin =
        |glyph: &&Glyph| glyph.text.chars().all(|c| c.is_ascii_graphic() || c == '\u{200b}');
    let before = line.glyphs.iter().rev().take_while(is_latin);
    let after = next.glyphs.iter().take_while(is_latin);
    before.chain(after).map(|glyph| glyph.width).sum()
}

/// The vertical rules next to a position, and the width for text between them.
fn room(line: &Line, page: &MeasuredPage) -> f64 {
    let (x, y) = (line.glyphs[0].x + 0.5, line.baseline);
    let at = |rule: &&Rule| {
        rule.height.abs() > 0.1 && rule.y - 0.5 < y && y < rule.y + rule.height + 0.5
    };
    let vertical: Vec<f64> = page.rules.iter().filter(at).map(|rule| rule.x).collect();
    let left = vertical.iter().copied().filter(|at| *at <= x).fold(f64::NEG_INFINITY, f64::max);
    let right = vertical.iter().copied().filter(|at| *at > x).fold(f64::INFINITY, f64::min);
    right - left - INSETS
}

/// T-2: no character of a cell overlaps the rules of its column.
fn rule_faults(page: &MeasuredPage, page_number: usize) -> Vec<String> {
    let in_cells = page.glyphs.iter().filter(|glyph| glyph.place.cell.is_some());
    let vertical: Vec<&Rule> = page.rules.iter().filter(|rule| rule.height.abs() > 0.1).collect();
    let crosses = |glyph: &Glyph, rule: &Rule| {
        glyph.ink_x.0 + 0.1 < rule.x
            && rule.x < glyph.ink_x.1 - 0.1
            && rule.y < glyph.ink.1 - 0.1
            && glyph.ink.0 + 0.1 < rule.y + rule.height
    };
    in_cells
        .filter(|glyph| vertical.iter().any(|rule| crosses(glyph, rule)))
        .map(|glyph| format!("T-2: page {page_number}: {} overlaps a column rule", glyph.text))
        .collect()
}
