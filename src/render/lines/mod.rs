//! Breaks paragraphs into lines by the rules of section 9.
//!
//! Typst's line breaking knows neither unbreakable numbers nor the grid, and it shapes every candidate
//! line. Here all widths are known in advance: the page data contains finished lines, separated by
//! U+2028 LINE SEPARATOR, and Typst only justifies them.

mod cells;
mod choose;
pub(crate) mod width;

use std::ops::Range;

use crate::document::measures::{AREA_WIDTH, CHARACTERS_PER_LINE};
use crate::document::rich_text::RichText;
use crate::render::fonts::advances::Advances;
use crate::render::lines::cells::{Cell, cells_of};
use crate::render::lines::choose::{ChosenLines, choose};
use crate::render::page_data::text::{Breaks, LINE_END, Paragraph, TextRun};
use crate::render::type_area::TypeArea;
use crate::render::unbreakable::{StyledChar, runs_of, styled_chars, unbreakable_ranges};
use crate::validate::text::typeface::Typeface;

/// Breaks paragraphs into lines for pages with one type area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineSetter<'a> {
    advances: &'a Advances,
    /// The width of a line, in characters.
    room: f64,
}

impl<'a> LineSetter<'a> {
    /// Lines of a portrait page have 28 characters (PG-7).
    pub(crate) fn new(area: TypeArea, advances: &'a Advances) -> Self {
        let room = CHARACTERS_PER_LINE as f64 * f64::from(area.width) / f64::from(AREA_WIDTH);
        Self { advances, room }
    }

    /// Breaks a paragraph into lines. If the width of a character depends on its neighbours, leaves
    /// the line breaks to Typst.
    #[tracing::instrument(name = "lines", level = "debug", skip_all)]
    pub(crate) fn paragraph(&self, text: &RichText, face: Typeface) -> Paragraph {
        let styled = styled_chars(text);
        let cells = cells_of(&styled, face, self.advances);
        let Some((ends, breaks)) = cells.and_then(|cells| self.line_ends(&styled, &cells)) else {
            return free(text);
        };
        Paragraph { runs: with_ends(&styled, &ends, 0..styled.len()), breaks }
    }

    /// Breaks a heading into lines. If it takes several, leaves the breaks to Typst, because its text
    /// is also in the outline of the file, where there are no line ends.
    pub(crate) fn heading(&self, text: &RichText, face: Typeface) -> Paragraph {
        let has_ends = |run: &TextRun| run.text.contains(LINE_END);
        let paragraph = self.paragraph(text, face);
        if paragraph.runs.iter().any(has_ends) { free(text) } else { paragraph }
    }

    /// Breaks a paragraph that begins with text in another typeface into lines.
    pub(crate) fn run_in(
        &self,
        (lead, lead_face): (&RichText, Typeface),
        (text, face): (&RichText, Typeface),
    ) -> (Vec<TextRun>, Paragraph) {
        let (mut styled, rest) = (styled_chars(lead), styled_chars(text));
        let start = styled.len();
        let cells = cells_of(&styled, lead_face, self.advances).and_then(|mut cells| {
            let rest = cells_of(&rest, face, self.advances)?;
            cells.extend(rest.into_iter().map(|cell| Cell { follows_lead: true, ..cell }));
            Some(cells)
        });
        styled.extend(rest);
        let Some((ends, breaks)) = cells.and_then(|cells| self.line_ends(&styled, &cells)) else {
            return (runs_of(lead), free(text));
        };
        let runs = with_ends(&styled, &ends, start..styled.len());
        (with_ends(&styled, &ends, 0..start), Paragraph { runs, breaks })
    }

    /// The number of characters up to each line end. Returns `None` if Typst has to choose.
    fn line_ends(&self, styled: &[StyledChar], cells: &[Cell]) -> Option<(Vec<usize>, Breaks)> {
        let ChosenLines { ends, is_squeezed } =
            choose(cells, &unbreakable_ranges(styled), self.room)?;
        Some((ends, if is_squeezed { Breaks::Squeezed } else { Breaks::Given }))
    }
}

fn free(text: &RichText) -> Paragraph {
    Paragraph { runs: runs_of(text), breaks: Breaks::Free }
}

/// The characters of a range of a paragraph as runs, with the line ends of the whole paragraph.
fn with_ends(styled: &[StyledChar], ends: &[usize], range: Range<usize>) -> Vec<TextRun> {
    let mut runs: Vec<TextRun> = Vec::new();
    let mut push = |character: char, strong: bool| match runs.last_mut() {
        Some(last) if last.strong == strong => last.text.push(character),
        _ => runs.push(TextRun { text: character.to_string(), strong, unbreakable: false }),
    };
    let mut ends = ends.iter().copied().skip_while(|end| *end <= range.start).peekable();
    for (index, styled_char) in styled.iter().enumerate().take(range.end).skip(range.start) {
        let is_end = ends.next_if_eq(&(index + 1)).is_some();
        // A space between two lines is dropped; it would be visible at the end of the first.
        if !(is_end && styled_char.character == ' ') {
            push(styled_char.character, styled_char.strong);
        }
        if is_end && index + 1 < styled.len() {
            push(LINE_END, styled_char.strong);
        }
    }
    runs
}
