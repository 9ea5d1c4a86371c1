//! Predicts the page on which the text of an ordinary document ends, so that most filings need one pass.
//!
//! If the text ends on an odd page, the colophon begins the next one (V-3). Without a prediction it
//! takes a first pass to find out. The prediction changes only where that first pass begins: a wrong
//! one costs an extra pass, and the final pages are the same.

use crate::document::measures::{
    CHARACTERS_PER_LINE, LINE_PITCH, LINES_PER_PAGE, MARK_DROP, MARK_PITCH, RULE_GAP, RULE_STROKE,
    SEAL_LINES, SEAL_ROW, STAMP_HEIGHT, TITLE_PITCH,
};
use crate::render::page_data::{
    AttachmentEntry, AttendanceRow, BodyPart, Masthead, PageData, SignOff,
};

// Heights of what is above and below the text, in lines. They are rough: a line more or less seldom
// changes the page.

/// Height of the ink of the mark at its largest size, in micrometres (H-7).
const MARK_INK: u32 = 13_800;
/// 发文字号, two lines below the mark (H-10).
const NUMBER: f64 = 3.0;
/// Two lines above the title, and half a line because its lines are taller (B-1).
const TITLE: f64 = 2.5;
/// The most lines before the text: a mark that would leave less room shrinks (H-9).
const MOST_HEAD: f64 = 20.0;

/// Pages being filled.
#[derive(Debug)]
struct Pages {
    /// The last page, counted from 1.
    last: usize,
    /// Height used on the last page, in lines.
    used: f64,
}

/// The page on which everything except the colophon ends. `None` if tables or attachments with content
/// make it hard to predict.
pub(crate) fn last_page(data: &PageData) -> Option<usize> {
    if data.form != "report" || !data.attached.is_empty() {
        return None;
    }
    let mut pages = Pages { last: 1, used: head(&data.masthead, data.title.len()) };
    pages.add_lines(usize::from(data.note.is_some()));
    pages.add_lines(data.primary_recipients.as_deref().map_or(0, lines_of));
    for part in &data.body {
        match part {
            BodyPart::Paragraph(text) => pages.add_lines(text.line_count(&[])),
            BodyPart::Heading { text, keeps_next, .. } => {
                pages.add_heading(text.line_count(&[]), *keeps_next);
            }
            BodyPart::RunIn { lead, text, .. } => pages.add_lines(text.line_count(lead)),
            BodyPart::Listed { .. } | BodyPart::Table(_) => return None,
        }
    }
    if !data.attachment_list.is_empty() {
        pages.add_lines(1 + data.attachment_list.iter().map(entry_lines).sum::<usize>());
    }
    for row in &data.attendance {
        pages.add_lines(attendance_lines(row));
    }
    let annotation = count(data.annotation.iter().map(|line| lines_of(line)).sum());
    pages.add_unbroken(closing(&data.sign_off) + annotation);
    Some(pages.last)
}

impl Pages {
    /// Adds lines that may continue on the next page.
    fn add_lines(&mut self, lines: usize) {
        for _ in 0..lines {
            self.add_unbroken(1.0);
        }
    }

    /// Adds content that stays on one page.
    fn add_unbroken(&mut self, height: f64) {
        self.make_room(height);
        self.used += height;
    }

    fn add_heading(&mut self, lines: usize, keeps_next: bool) {
        let with_next = if keeps_next { 1.0 } else { 0.0 };
        self.make_room(count(lines) + with_next);
        self.used += count(lines);
    }

    fn make_room(&mut self, height: f64) {
        if self.used + height > count(LINES_PER_PAGE) + 0.5 {
            self.last += 1;
            self.used = 0.0;
        }
    }
}

/// Height of what is above the text.
fn head(masthead: &Masthead, title_lines: usize) -> f64 {
    let more_names = count(masthead.mark_names.len().saturating_sub(1));
    let mark = in_lines(MARK_DROP + MARK_INK) + more_names * in_lines(MARK_PITCH);
    let more_rows = count(masthead.signatories.len().max(1) - 1);
    let rule = in_lines(RULE_GAP + RULE_STROKE);
    let title = TITLE + count(title_lines) * in_lines(TITLE_PITCH);
    (mark + NUMBER + more_rows + rule + title).min(MOST_HEAD)
}

/// Height of 署名 and 成文日期 with the room for seals.
fn closing(sign_off: &SignOff) -> f64 {
    match sign_off {
        SignOff::Sealed { rows, .. } => {
            f64::from(SEAL_LINES) + count(rows.len() - 1) * in_lines(SEAL_ROW) + 2.0
        }
        SignOff::Unsealed { names, .. } => 2.0 + count(names.iter().map(Vec::len).sum()),
        SignOff::Stamped { positions, .. } => {
            3.0 + count(positions.len()) * (in_lines(STAMP_HEIGHT) + 0.5)
        }
        SignOff::DateAlone { .. } => 2.0,
        SignOff::Absent => 0.0,
    }
}

fn entry_lines(entry: &AttachmentEntry) -> usize {
    let characters: usize = entry.title.iter().map(|run| run.text.chars().count()).sum();
    characters.div_ceil(CHARACTERS_PER_LINE - 6).max(1)
}

fn attendance_lines(row: &AttendanceRow) -> usize {
    let characters: usize = row.names.iter().map(|run| run.text.chars().count()).sum();
    characters.div_ceil(CHARACTERS_PER_LINE - 5).max(1)
}

fn lines_of(text: &str) -> usize {
    text.chars().count().div_ceil(CHARACTERS_PER_LINE)
}

fn in_lines(height: u32) -> f64 {
    f64::from(height) / f64::from(LINE_PITCH)
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
