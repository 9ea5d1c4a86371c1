//! The invariants of every page of every filing, with the ids of the rules.
//!
//! `geometry` checks each part of one document; this file checks what is true of every document.

mod closing;
mod headings;
mod pitch;

use crate::pages::cell_invariants;
use crate::pages::invariants::pitch::Pitch;
use crate::pages::ruler::{Glyph, Line, MeasuredPage};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
const CELL: f64 = 156.0 / 28.0;

/// Punctuation that may not begin a line.
pub const CLOSING: &str = "，。、；：？！”’）〕】》〉%％‰℃…·～";
/// Punctuation that may not end a line.
pub const OPENING: &str = "“‘（〔【《〈";

/// The parts that only some documents have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Everything but the page number inside the type area; rules around the colophon.
    Ordinary,
    /// 信函: rules outside the type area, no rule in the colophon (section 7).
    Letter,
    /// 纪要 and 命令, whose colophon may be left out.
    Free,
}

/// What determines the position and content of a document's type area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub form: Form,
    /// Whether even pages have the margin of 28 mm at the right (PG-15).
    pub is_mirrored: bool,
    /// Whether more lines on each page may save a sheet (PG-7).
    pub fewer_sheets: bool,
    /// 署名 and 职务.
    pub signers: Vec<String>,
    /// 成文日期 as printed; `None` if only 题注 has it.
    pub date: Option<String>,
    /// Whether 版记 prints anything.
    pub has_colophon: bool,
}

impl Frame {
    /// The horizontal shift of a page's type area relative to odd pages.
    fn shift(&self, page_number: usize) -> f64 {
        if self.is_mirrored && page_number.is_multiple_of(2) { -2.0 } else { 0.0 }
    }
}

/// Every invariant that a laid-out filing breaks, one sentence each.
pub fn faults(pages: &[MeasuredPage], rotated: &[MeasuredPage], frame: &Frame) -> Vec<String> {
    let mut faults = portrait_faults(pages, frame);
    // Every page in reading position.
    let mut read = Vec::new();
    for ((index, page), rotated) in pages.iter().enumerate().zip(rotated) {
        if page.glyphs.iter().any(|glyph| glyph.is_rotated) {
            read.push(rotated.landscape());
            faults.extend(landscape_faults(&read[index], index + 1, frame));
        } else {
            read.push(page.clone());
        }
    }
    let paragraphs = paragraphs(&read);
    let pitch = Pitch::of(&paragraphs);
    faults.extend(headings::faults(&read, frame.date.as_deref(), pitch));
    faults.extend(pitch::faults(&read, pitch, frame));
    faults.extend(paragraphs.iter().flat_map(|rows| paragraph_faults(rows, pitch)));
    faults.extend(cell_invariants::faults(&read));
    faults
}

/// T-1, PG-4: the type area of a landscape page, in reading position.
fn landscape_faults(page: &MeasuredPage, page_number: usize, frame: &Frame) -> Vec<String> {
    let mut faults = glyph_faults(page, page_number);
    faults.extend(overlap_faults(page, page_number));
    let top = LEFT + frame.shift(page_number);
    let (left, right, bottom) = (297.0 - BOTTOM, 297.0 - TOP, top + 156.0);
    for glyph in page.glyphs.iter().filter(|glyph| glyph.ink_x.1 > glyph.ink_x.0) {
        let is_inside = glyph.ink_x.0 > left - EDGE
            && glyph.ink_x.1 < right + EDGE
            && glyph.ink.0 > top - EDGE
            && glyph.ink.1 < bottom + EDGE;
        if !is_inside {
            faults.push(format!("PG-4: page {page_number}: {} outside the type area", glyph.text));
        }
    }
    for rule in &page.rules {
        let is_inside = rule.x > left - 0.15
            && rule.x + rule.width < right + 0.15
            && rule.y > top - 0.15
            && rule.y + rule.height < bottom + 0.15;
        if !is_inside {
            faults.push(format!("PG-4: page {page_number}: a rule at {:.1} mm outside", rule.y));
        }
    }
    faults
}

fn portrait_faults(pages: &[MeasuredPage], frame: &Frame) -> Vec<String> {
    let portrait: Vec<MeasuredPage> = pages.iter().map(MeasuredPage::portrait).collect();
    let pages = portrait.as_slice();
    let mut faults = Vec::new();
    // A letter has no full colophon, so it need not end on an even page.
    if frame.form != Form::Letter && frame.has_colophon && !pages.len().is_multiple_of(2) {
        faults.push(format!("V-3: {} pages, an odd number", pages.len()));
    }
    let most_lines = Pitch::of(&paragraphs(pages)).lines;
    for (index, page) in pages.iter().enumerate() {
        let page_number = index + 1;
        faults.extend(glyph_faults(page, page_number));
        faults.extend(area_faults(page, page_number, frame));
        faults.extend(page_number_faults(page, page_number));
        faults.extend(line_count_faults(page, page_number, most_lines));
        faults.extend(overlap_faults(page, page_number));
    }
    if frame.form == Form::Ordinary && frame.has_colophon {
        faults.extend(colophon_faults(pages));
    }
    faults.extend(frame.date.iter().flat_map(|date| closing::faults(pages, &frame.signers, date)));
    faults
}

/// A line of a paragraph and its page.
#[derive(Debug)]
pub struct Row {
    pub page: usize,
    pub line: Line,
}

/// The paragraphs of a document as lines, across page breaks.
pub fn paragraphs(pages: &[MeasuredPage]) -> Vec<Vec<Row>> {
    let mut found: Vec<(usize, Vec<Row>)> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        for line in page.lines() {
            let place = line.glyphs[0].place;
            // A text of a cell that is split is a paragraph; `cell_invariants` checks it.
            let Some(number) = place.paragraph.filter(|_| place.table.is_none()) else { continue };
            // In a paragraph that continues on the next page, the page number is among its text.
            if is_page_number(&line) {
                continue;
            }
            let row = Row { page: index + 1, line };
            match found.iter_mut().find(|(known, _)| *known == number) {
                Some((_, rows)) => rows.push(row),
                None => found.push((number, vec![row])),
            }
        }
    }
    found.into_iter().map(|(_, rows)| rows).collect()
}

fn is_page_number(line: &Line) -> bool {
    line.baseline > BOTTOM + 1.0
}

fn glyph_faults(page: &MeasuredPage, page_number: usize) -> Vec<String> {
    let missing = page.glyphs.iter().filter(|glyph| glyph.id == 0);
    missing
        .map(|glyph| format!("PG-8: page {page_number}: no glyph for {:?}", glyph.text))
        .collect()
}

/// Half a point more than the side bearings of punctuation need. Ink is measured, not advances,
/// because punctuation at the end of a line loses the blank half of its cell.
const EDGE: f64 = 0.35;

fn area_faults(page: &MeasuredPage, page_number: usize, frame: &Frame) -> Vec<String> {
    let mut faults = Vec::new();
    // The mark of a letter is above the type area (section 7).
    let top = if frame.form == Form::Letter && page_number == 1 { 30.0 } else { TOP };
    let (left, right) = (LEFT + frame.shift(page_number), RIGHT + frame.shift(page_number));
    for line in page.lines().iter().filter(|line| !is_page_number(line)) {
        let is_inside = |glyph: &Glyph| {
            let ink_is_drawn = glyph.ink_x.1 > glyph.ink_x.0;
            !ink_is_drawn
                || (glyph.ink_x.0 > left - EDGE
                    && glyph.ink_x.1 < right + EDGE
                    && glyph.ink.0 > top - EDGE
                    && glyph.ink.1 < BOTTOM + EDGE)
        };
        if let Some(glyph) = line.glyphs.iter().find(|glyph| !is_inside(glyph)) {
            faults.push(format!(
                "PG-6: page {page_number}: {} of “{}” is outside the type area, at {:.1} to {:.1} mm",
                glyph.text,
                line.text(),
                glyph.ink_x.0,
                glyph.ink_x.1
            ));
        }
    }
    // The rules of a table have caps of half their thickness.
    let has_table = page.glyphs.iter().any(|glyph| glyph.place.table.is_some());
    let slack = if has_table { 0.15 } else { 0.05 };
    for rule in page.rules.iter().filter(|_| frame.form != Form::Letter) {
        let is_inside = rule.x > left - slack
            && rule.x + rule.width < right + slack
            && rule.y > TOP - 0.5
            && rule.y < BOTTOM + 0.5;
        if !is_inside {
            faults.push(format!("PG-6: page {page_number}: a rule at {:.1} mm outside", rule.y));
        }
    }
    faults
}

/// N-3, N-4: between dashes, at the right edge on odd pages and at the left edge on even pages. A page
/// may have no number (N-5), but not a wrong one.
fn page_number_faults(page: &MeasuredPage, page_number: usize) -> Vec<String> {
    let lines = page.lines();
    let below: Vec<&Line> = lines.iter().filter(|line| is_page_number(line)).collect();
    let is_even = page_number.is_multiple_of(2);
    let is_right = |line: &&Line| {
        let on_its_side = if is_even { line.left() < 100.0 } else { line.right() > 110.0 };
        line.text() == format!("—{page_number}—") && on_its_side
    };
    match below.as_slice() {
        [] => Vec::new(),
        [line] if is_right(line) => Vec::new(),
        wrong => {
            let texts: Vec<String> = wrong.iter().map(|line| line.text()).collect();
            vec![format!("N-4: page {page_number}: below the type area is {texts:?}")]
        }
    }
}

fn line_count_faults(page: &MeasuredPage, page_number: usize, most_lines: usize) -> Vec<String> {
    if page.glyphs.iter().any(|glyph| glyph.place.table.is_some()) {
        return Vec::new();
    }
    let lines = page.lines();
    let count = lines.iter().filter(|line| !is_page_number(line)).count();
    // Rows of small type in the colophon are closer than the lines of the grid.
    let small = lines.iter().filter(|line| !is_page_number(line) && line.size() < 15.0).count();
    if count - small > most_lines {
        return vec![format!("PG-7: page {page_number}: {count} lines, more than {most_lines}")];
    }
    Vec::new()
}

/// No two lines of text overlap: their em boxes, reduced by 4 %, would share ink.
fn overlap_faults(page: &MeasuredPage, page_number: usize) -> Vec<String> {
    let lines = page.lines();
    let mut faults = Vec::new();
    for (index, upper) in lines.iter().enumerate() {
        for lower in &lines[index + 1..] {
            let vertical = upper.em_bottom() - lower.em_top();
            let crosses = |a: &Glyph, b: &Glyph| {
                a.ink_x.0 < b.ink_x.1 && b.ink_x.0 < a.ink_x.1 && a.ink.1 > b.ink.0 + 0.1
            };
            let is_in_a_table = upper.glyphs[0].place.table.is_some();
            if vertical > 0.3
                && !is_in_a_table
                && upper.glyphs.iter().any(|a| lower.glyphs.iter().any(|b| crosses(a, b)))
            {
                let (upper, lower) = (upper.text(), lower.text());
                faults.push(format!("9: page {page_number}: “{upper}” overlaps “{lower}”"));
            }
        }
    }
    faults
}

fn colophon_faults(pages: &[MeasuredPage]) -> Vec<String> {
    let lowest =
        pages.last().and_then(|page| page.rules.iter().map(|rule| rule.y).reduce(f64::max));
    match lowest {
        Some(y) if (y - BOTTOM).abs() < 0.1 => Vec::new(),
        Some(y) => vec![format!("V-2: the colophon's last rule is at {y:.2} mm")],
        None => vec!["V-2: no rule on the last page".to_owned()],
    }
}

/// Every line of running text except the last has more characters than this: at least half a line.
const FEWEST: usize = 10;

fn paragraph_faults(rows: &[Row], pitch: Pitch) -> Vec<String> {
    let mut faults = Vec::new();
    let mut tell = |row: &Row, rule: &str| {
        faults.push(format!("9: page {}: {rule}: “{}”", row.page, row.line.text()));
    };
    for (index, row) in rows.iter().enumerate() {
        let text = row.line.text();
        let (first, last) = (text.chars().next(), text.chars().next_back());
        if first.is_some_and(|c| CLOSING.contains(c)) {
            tell(row, "closing punctuation begins a line");
        }
        if last.is_some_and(|c| OPENING.contains(c)) {
            tell(row, "opening punctuation ends a line");
        }
        let Some(next) = rows.get(index + 1) else { continue };
        if (15.0..17.0).contains(&row.line.size()) && text.chars().count() < FEWEST {
            tell(row, "a line is torn off");
        }
        let follows = next.line.text();
        let starts = follows.chars().next();
        let begins_with_number = starts.is_some_and(|c| c.is_ascii_digit() || c == '%');
        if begins_with_number && ends_in_number(&text) && !is_too_long(&text, &follows) {
            tell(next, "a number is split");
        }
        if [Some('—'), Some('…')].contains(&last) && last == starts {
            tell(next, "—— or …… is split");
        }
        let is_on_grid = pitch.is_near(next.line.baseline - row.line.baseline);
        if row.page == next.page && !is_on_grid && row.line.size() > 15.0 {
            tell(next, "the pitch of the grid is left");
        }
    }
    let [.., before, last] = rows else { return faults };
    let is_lone = last.line.text().chars().filter(|c| c.is_alphanumeric()).count() < 2;
    if is_lone && before.line.text().chars().count() > 8 {
        tell(last, "a lone character ends a paragraph");
    }
    faults
}

pub fn ends_in_number(text: &str) -> bool {
    text.trim_end_matches(['.', ',']).ends_with(|c: char| c.is_ascii_digit())
}

/// A sequence of digits that is wider than a line may be split.
fn is_too_long(text: &str, follows: &str) -> bool {
    let is_inside = |c: &char| c.is_ascii_graphic();
    let before = text.chars().rev().take_while(is_inside).count();
    before + follows.chars().take_while(is_inside).count() > 40
}
