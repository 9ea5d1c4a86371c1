//! Breaks a paragraph into lines by the rules of section 9, so that none is left to chance.
//!
//! Typst breaks lines well, but knows neither kept numbers nor the grid, and asks every possible
//! line what it would look like. Here the widths are known beforehand: the page gets its lines as
//! they are, parted by U+2028 LINE SEPARATOR, and Typst spreads each over its width.

mod cells;
mod choose;
pub(crate) mod width;

use crate::document::attachment::Orientation;
use crate::document::measures::{AREA_HEIGHT, AREA_WIDTH, CHARACTERS_PER_LINE};
use crate::document::rich_text::RichText;
use crate::render::fonts::advances::Advances;
use crate::render::lines::cells::cells_of;
use crate::render::lines::choose::{Chosen, choose};
use crate::render::page_data::{Breaks, Paragraph, TextRun};
use crate::render::unbreakable::{Letter, kept_stretches, letters_of, runs_of};
use crate::validate::text::typeface::Typeface;

/// U+2028 LINE SEPARATOR: ends a line that is spread over its width.
pub(crate) const LINE_END: char = '\u{2028}';

/// Sets the lines of paragraphs between the edges of one kind of side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineSetter<'a> {
    advances: &'a Advances,
    /// The width of a line, in characters.
    room: f64,
}

impl<'a> LineSetter<'a> {
    /// For sides of this orientation: lines of 28 characters (PG-7), or as many as fill the height
    /// of the type area.
    pub(crate) fn new(orientation: Orientation, advances: &'a Advances) -> Self {
        let upright = CHARACTERS_PER_LINE as f64;
        let room = match orientation {
            Orientation::Portrait => upright,
            Orientation::Landscape => upright * f64::from(AREA_HEIGHT) / f64::from(AREA_WIDTH),
        };
        Self { advances, room }
    }

    /// A paragraph in the lines it takes, or where a character's width depends on its neighbours,
    /// in runs that Typst breaks.
    #[tracing::instrument(name = "lines", level = "debug", skip_all)]
    pub(crate) fn paragraph(&self, text: &RichText, face: Typeface) -> Paragraph {
        let letters = letters_of(text);
        self.set(&letters, face).unwrap_or_else(|| free(text))
    }

    /// A heading. One of several lines is left to Typst: its text stands in the file's outline as
    /// well, where no line ends.
    pub(crate) fn heading(&self, text: &RichText, face: Typeface) -> Paragraph {
        let has_ends = |run: &TextRun| run.text.contains(LINE_END);
        let paragraph = self.paragraph(text, face);
        if paragraph.runs.iter().any(has_ends) { free(text) } else { paragraph }
    }

    fn set(&self, letters: &[Letter], face: Typeface) -> Option<Paragraph> {
        let cells = cells_of(letters, face, self.advances)?;
        let Chosen { ends, is_squeezed } = choose(&cells, &kept_stretches(letters), self.room)?;
        let breaks = if is_squeezed { Breaks::Squeezed } else { Breaks::Given };
        Some(Paragraph { runs: with_ends(letters, &ends), breaks })
    }
}

fn free(text: &RichText) -> Paragraph {
    Paragraph { runs: runs_of(text), breaks: Breaks::Free }
}

fn with_ends(letters: &[Letter], ends: &[usize]) -> Vec<TextRun> {
    let mut runs: Vec<TextRun> = Vec::new();
    let mut push = |character: char, strong: bool| match runs.last_mut() {
        Some(last) if last.strong == strong => last.text.push(character),
        _ => runs.push(TextRun { text: character.to_string(), strong, keep: false }),
    };
    let mut ends = ends.iter().copied().peekable();
    for (index, letter) in letters.iter().enumerate() {
        let is_end = ends.next_if_eq(&(index + 1)).is_some();
        // A space between two lines is the end of the first; printed, it would stand out there.
        if !(is_end && letter.character == ' ') {
            push(letter.character, letter.strong);
        }
        if is_end && index + 1 < letters.len() {
            push(LINE_END, letter.strong);
        }
    }
    runs
}
