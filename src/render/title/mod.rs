//! Breaks a title into lines between phrases, in the shape of a trapezium or a rhombus (B-1 to B-3).

mod agencies;
mod breaks;
mod costs;
pub(crate) mod dictionary;
mod names;
mod pieces;
#[cfg(test)]
mod tests;
mod word;
mod words;

use crate::document::OfficialDocument;
use crate::document::title::{WIDEST, width_of};
use crate::render::title::breaks::{SHORT_END, SHORTEST_END, best_breaks};
use crate::render::title::pieces::{Piece, pieces_of, pieces_of_cell};
use crate::render::title::word::SPACE;

/// How many more lines than the fewest possible are tried.
const MORE_LINES: usize = 3;
/// The cost of a line that breaks the shape, if no breaks keep it.
const SHAPELESS: f64 = 80.0;
/// The cost of a line, so that another line is only added for much better breaks.
const LINE_COST: f64 = 15.0;

/// The lines of the document's title: those posted, or its own.
pub(crate) fn lines(document: &OfficialDocument) -> Vec<String> {
    if document.title_lines.is_empty() {
        return lines_of(&document.title, &document.issuers);
    }
    document.title_lines.iter().map(|line| line.replace(' ', SPACE)).collect()
}

/// The lines of a title. A space between the names of two issuers becomes a full-width space.
pub(crate) fn lines_of(title: &str, issuers: &[String]) -> Vec<String> {
    let title = title.replace(' ', SPACE);
    if width_of(&title) <= WIDEST {
        return vec![title];
    }
    let pieces = pieces_of(&words::words_of(&title, issuers));
    let fewest = width_of(&title).div_ceil(WIDEST);
    // The shape is required (B-1). Some titles have none, such as names of equal length.
    let best = [f64::INFINITY, SHAPELESS].into_iter().find_map(|shapeless| {
        (fewest..=fewest + MORE_LINES)
            .filter_map(|count| {
                let (ends, cost) = best_breaks(&pieces, count, shapeless)?;
                let short = if is_short_end(&pieces, &ends) { SHORT_END } else { 0.0 };
                Some((ends, cost + count as f64 * LINE_COST + short))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
    });
    best.map_or_else(|| greedy(&pieces), |(ends, _)| joined(&pieces, &ends))
}

/// The words of a short text: the characters of each, and what a break after it costs.
pub(crate) fn words_of(text: &str) -> Vec<(usize, f64)> {
    let pieces = pieces_of_cell(&words::words_of_cell(text));
    pieces.iter().map(|piece| (piece.text.chars().count(), piece.break_after)).collect()
}

fn joined(pieces: &[Piece], ends: &[usize]) -> Vec<String> {
    let mut start = 0;
    let mut lines = Vec::with_capacity(ends.len());
    for &end in ends {
        let line: String = pieces[start..end].iter().map(|piece| piece.text.as_str()).collect();
        lines.push(line.trim_matches('\u{3000}').to_owned());
        start = end;
    }
    lines
}

/// Whether the last line is very short, or shorter than a third of one before it.
fn is_short_end(pieces: &[Piece], ends: &[usize]) -> bool {
    let widths: Vec<usize> = joined(pieces, ends).iter().map(|line| width_of(line)).collect();
    let longest = widths.iter().max().copied().unwrap_or(0);
    widths.last().is_some_and(|last| *last < SHORTEST_END || 3 * last < longest)
}

/// Fills line after line. For titles without a place to break, such as a long row of marks.
fn greedy(pieces: &[Piece]) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for piece in pieces {
        let wide = width_of(&piece.text);
        if width + wide > WIDEST && width > 0 {
            lines.push(String::new());
            width = 0;
        }
        width += wide;
        if let Some(line) = lines.last_mut() {
            line.push_str(&piece.text);
        }
    }
    lines
}
