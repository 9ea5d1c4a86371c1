//! Tables that only place text: the mark with 文件 beside it, and 版记. Each row becomes a line.

use crate::genre::number::number;
use crate::source::piece::{Content, Piece, Table};

/// The most pieces before the number of a document.
const MASTHEAD: usize = 30;

/// The most rows of such a table.
const ROWS: usize = 16;

/// What the first text of a row of 版记 begins with.
const LABELS: [&str; 6] = ["抄送：", "抄送:", "主送：", "主送:", "抄报：", "抄报:"];

/// The pieces with the rows of such tables as lines.
pub fn with_lines(pieces: &[Piece]) -> Vec<Piece> {
    let is_number = |piece: &Piece| piece.text().is_some_and(|text| number(text).is_some());
    let numbered = pieces.iter().take(MASTHEAD).position(is_number).unwrap_or(0);
    let mut lines = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        match &piece.content {
            Content::Table(table)
                if table.rows.len() <= ROWS
                    && (index < numbered || (index + 1 == pieces.len() && is_colophon(table))) =>
            {
                lines.extend(rows(piece, table));
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

fn is_colophon(table: &Table) -> bool {
    table.rows.iter().any(|row| {
        let first = row.first().map(|cell| cell.text.as_str()).unwrap_or_default();
        let last = row.last().map(|cell| cell.text.as_str()).unwrap_or_default();
        LABELS.iter().any(|label| first.starts_with(label)) || last.trim_end().ends_with("印发")
    })
}

/// The rows as lines. Two blanks separate the cells.
fn rows<'t>(piece: &'t Piece, table: &'t Table) -> impl Iterator<Item = Piece> + 't {
    table.rows.iter().filter_map(|row| {
        let texts = row.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
        let line = texts.collect::<Vec<_>>().join("  ");
        (!line.is_empty()).then(|| Piece { content: Content::Text(line), ..piece.clone() })
    })
}
