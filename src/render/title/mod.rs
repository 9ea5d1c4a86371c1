//! Breaks a title into lines: by meaning, and into a trapezium or a rhombus (B-1 to B-3).

mod breaks;
mod dictionary;
#[cfg(test)]
mod tests;
mod words;

use crate::render::title::breaks::{WIDEST, best_breaks, width_of};
use crate::render::title::words::{Piece, pieces_of};

/// How many lines more than needed are tried for better breaks.
const MORE_LINES: usize = 3;
/// What a line costs that breaks the shape where no shape can be had.
const SHAPELESS: f64 = 80.0;
/// What a line costs.
const LINE_COST: f64 = 4.0;

/// The lines of a title; a space between names of issuers becomes a full-width one.
pub(crate) fn lines_of(title: &str, issuers: &[String]) -> Vec<String> {
    let title = title.replace(' ', "\u{3000}");
    if width_of(&title) <= WIDEST {
        return vec![title];
    }
    let pieces = pieces_of(&title, issuers);
    let fewest = width_of(&title).div_ceil(WIDEST);
    // A shape is a must (B-1); only names that all are as long as each other leave none.
    let best = [f64::INFINITY, SHAPELESS].into_iter().find_map(|shapeless| {
        (fewest..=fewest + MORE_LINES)
            .filter_map(|count| {
                let (ends, cost) = best_breaks(&pieces, count, shapeless)?;
                Some((ends, cost + count as f64 * LINE_COST))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
    });
    best.map_or_else(|| greedy(&pieces), |(ends, _)| lines(&pieces, &ends))
}

/// The words of a short text: the characters of each, and what a break after it costs.
pub(crate) fn words_of(text: &str) -> Vec<(usize, f64)> {
    let pieces = pieces_of(text, &[]);
    pieces.iter().map(|piece| (piece.text.chars().count(), piece.break_after)).collect()
}

fn lines(pieces: &[Piece], ends: &[usize]) -> Vec<String> {
    let mut start = 0;
    let mut lines = Vec::with_capacity(ends.len());
    for &end in ends {
        let line: String = pieces[start..end].iter().map(|piece| piece.text.as_str()).collect();
        lines.push(line.trim_matches('\u{3000}').to_owned());
        start = end;
    }
    lines
}

/// A title that cannot be broken by its words, as a long row of marks, is filled line by line.
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
