//! The text of a cell in its column, and the lines that it takes.

use crate::document::rich_text::RichText;
use crate::document::table::{Cell, ColumnAlign};
use crate::render::page_data::text::TextRun;
use crate::render::table_cells::breaks::CellLines;
use crate::render::table_cells::columns::CharWidth;
use crate::render::unbreakable::{StyledChar, styled_chars};

/// Ends a line of a cell; the line is not justified.
pub(crate) const LINE_END: char = '\n';

/// A text as printed, and the lines that it takes.
#[derive(Debug, Clone)]
pub(crate) struct CellText {
    pub runs: Vec<TextRun>,
    pub lines: usize,
}

/// The text of a cell in a column of width `room`. Line ends in the text are kept.
pub(crate) fn cell_text(cell: &Cell, room: usize, char_width: CharWidth<'_>) -> CellText {
    let plain = cell.text.plain();
    if !plain.contains(LINE_END) {
        return one_text(&cell.text, room, cell.align == ColumnAlign::Center, char_width);
    }
    let mut whole = CellText { runs: Vec::new(), lines: 0 };
    for text in plain.split(LINE_END) {
        if whole.lines > 0 {
            let text = LINE_END.to_string();
            whole.runs.push(TextRun { text, strong: false, unbreakable: false });
        }
        let CellText { runs, lines } = one_text(&RichText::regular(text), room, false, char_width);
        whole.runs.extend(runs);
        whole.lines += lines;
    }
    whole
}

fn one_text(text: &RichText, room: usize, evenly: bool, char_width: CharWidth<'_>) -> CellText {
    let styled = styled_chars(text);
    let characters: Vec<char> = styled.iter().map(|styled_char| styled_char.character).collect();
    let width: usize = characters.iter().map(|character| char_width(*character)).sum();
    let ends = if width <= room {
        Vec::new()
    } else {
        CellLines::new(characters, evenly, char_width).in_room(room).ends
    };
    CellText { lines: ends.len().max(1), runs: with_ends(&styled, &ends) }
}

/// Writes line ends into a text, behind each of these counts of characters but the last.
fn with_ends(styled: &[StyledChar], ends: &[usize]) -> Vec<TextRun> {
    let mut runs: Vec<TextRun> = Vec::new();
    let mut push = |character: char, strong: bool| match runs.last_mut() {
        Some(last) if last.strong == strong => last.text.push(character),
        _ => runs.push(TextRun { text: character.to_string(), strong, unbreakable: false }),
    };
    for (index, styled_char) in styled.iter().enumerate() {
        let ends_line = ends.contains(&(index + 1)) && index + 1 < styled.len();
        // A space at the end of a line would shift a centred one.
        if !(ends_line && styled_char.character == ' ') {
            push(styled_char.character, styled_char.strong);
        }
        if ends_line {
            push(LINE_END, styled_char.strong);
        }
    }
    runs
}
