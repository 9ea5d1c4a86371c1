//! Foretells where the text of an ordinary document ends, so that most filings need one pass.
//!
//! A filing whose text ends on an odd side has its colophon on the next one (V-3), which a first
//! pass would have to find out. What is foretold here is where that pass begins and nothing else: a
//! side foretold wrongly costs a pass, and the pages are the same.

use crate::render::lines::END;
use crate::render::page_data::{
    AttachmentEntry, BodyPart, Breaks, Masthead, PageData, Paragraph, SignOff,
};

/// Lines a side (PG-7).
const LINES: f64 = 22.0;
/// Characters a line.
const CELLS: usize = 28;

// What stands above and below the text, in lines, as the theme has it; rough, since a line more or
// less seldom changes the side.
const MARK: f64 = (35.0 + 13.8) / PITCH;
const MARK_NAME: f64 = 20.2 / PITCH;
const NUMBER: f64 = 3.0;
const RULE: f64 = 4.5 / PITCH;
const TITLE: f64 = 2.5;
const TITLE_LINE: f64 = 12.51 / PITCH;
/// A mark that would leave no room for text shrinks until there is some (H-9).
const HEAD: f64 = 20.0;
const SEAL_PLACE: f64 = 3.0;
const SEAL_ROW: f64 = 4.5;
const STAMP: f64 = 13.1 / PITCH + 0.5;

/// From one line to the next, in mm.
const PITCH: f64 = 10.447;

/// Sides being filled.
#[derive(Debug)]
struct Sides {
    /// The last one, counted from 1.
    last: usize,
    /// The lines on it.
    filled: f64,
}

/// The side on which everything but the colophon ends; none where tables or attachments with content
/// make it hard to say.
pub(crate) fn last_side(data: &PageData) -> Option<usize> {
    if data.form != "report" || !data.attached.is_empty() {
        return None;
    }
    let mut sides = Sides { last: 1, filled: head(&data.masthead, data.title.len()) };
    sides.flow(data.recipients.as_deref().map_or(0, lines_of));
    for part in &data.body {
        match part {
            BodyPart::Paragraph(text) => sides.flow(lines(text)),
            BodyPart::Heading { text, keeps_next, .. } => {
                sides.heading(lines(text), *keeps_next);
            }
            BodyPart::Table(_) => return None,
        }
    }
    if !data.attachments.is_empty() {
        sides.flow(1 + data.attachments.iter().map(entry_lines).sum::<usize>());
    }
    for row in &data.attendance {
        sides.flow(lines_of(&row.names));
    }
    let annotation = data.annotation.as_deref().map_or(0.0, |text| count(lines_of(text)));
    sides.whole(closing(&data.sign_off) + annotation);
    Some(sides.last)
}

impl Sides {
    /// Lines that go on from side to side.
    fn flow(&mut self, lines: usize) {
        for _ in 0..lines {
            self.whole(1.0);
        }
    }

    /// What stands on one side.
    fn whole(&mut self, height: f64) {
        if self.filled + height > LINES + 0.5 {
            self.last += 1;
            self.filled = 0.0;
        }
        self.filled += height;
    }

    fn heading(&mut self, lines: usize, keeps_next: bool) {
        let with_next = if keeps_next { 1.0 } else { 0.0 };
        if self.filled + count(lines) + with_next > LINES + 0.5 {
            self.last += 1;
            self.filled = 0.0;
        }
        self.filled += count(lines);
    }
}

/// What stands above the text.
fn head(masthead: &Masthead, title: usize) -> f64 {
    let names = count(masthead.marks.len().saturating_sub(1));
    let rows = count(masthead.signatories.len().max(1) - 1);
    let whole = MARK + names * MARK_NAME + NUMBER + rows + RULE + TITLE + count(title) * TITLE_LINE;
    whole.min(HEAD)
}

fn closing(sign_off: &SignOff) -> f64 {
    match sign_off {
        SignOff::Sealed { rows, .. } => SEAL_PLACE + count(rows.len() - 1) * SEAL_ROW + 2.0,
        SignOff::Unsealed { names, .. } => 2.0 + count(names.iter().map(Vec::len).sum()),
        SignOff::Stamped { positions, .. } => 3.0 + count(positions.len()) * STAMP,
    }
}

fn lines(text: &Paragraph) -> usize {
    let characters = || text.runs.iter().flat_map(|run| run.text.chars());
    match text.breaks {
        Breaks::Free => (characters().count() + 2).div_ceil(CELLS),
        Breaks::Given | Breaks::Squeezed => 1 + characters().filter(|&c| c == END).count(),
    }
}

fn entry_lines(entry: &AttachmentEntry) -> usize {
    let characters: usize = entry.title.iter().map(|run| run.text.chars().count()).sum();
    characters.div_ceil(CELLS - 6).max(1)
}

fn lines_of(text: &str) -> usize {
    text.chars().count().div_ceil(CELLS)
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
