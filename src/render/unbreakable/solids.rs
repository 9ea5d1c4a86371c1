//! Stretches without any place for a break that no line could hold.

use crate::render::unbreakable::stretch::{Stretch, is_han};
use crate::validate::text::characters::is_combining;

/// Marks that end what stands before them: a line may end behind them.
pub(crate) const CLOSING: &str = "，。、；：？！”’）〕】》〉…";

/// The widest text without a place for a break, in half characters: 20 characters, so that it fits
/// the narrowest column. A wider one is broken anywhere, or it would run off the page.
const WIDEST_SOLID: usize = 40;

/// A character's width of a stretch broken anywhere, with the marks behind it.
const MOST_IN_A_CELL: usize = 6;

/// Lets a stretch without any place for a break be broken after every character's width, instead
/// of running off the page.
pub(crate) fn break_solids(characters: &[char], kept: &mut Vec<Stretch>) {
    for (start, end) in solids(characters) {
        kept.retain(|&(from, to)| to <= start || from >= end);
        let at = kept.iter().position(|&(from, _)| from >= end).unwrap_or(kept.len());
        let mut cells = Vec::new();
        let mut from = start;
        while from < end {
            let is_pair = from + 1 < end && half_widths(&characters[from..from + 2]) == 2;
            let mut to = if is_pair { from + 2 } else { from + 1 };
            let follows = |c: char| is_combining(c) || CLOSING.contains(c);
            while to < end && to - from < MOST_IN_A_CELL && follows(characters[to]) {
                to += 1;
            }
            cells.push((from, to));
            from = to;
        }
        kept.splice(at..at, cells);
    }
}

/// Stretches of letters and marks alone that are too wide to stand on a line unbroken.
fn solids(characters: &[char]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1);
        let is_free = is_han(character) || character.is_whitespace();
        let is_behind = |next: &char| CLOSING.contains(character) && !CLOSING.contains(*next);
        let ends = is_free || next.is_some_and(is_behind);
        if ends || next.is_none() {
            let end = if is_free { index } else { index + 1 };
            if half_widths(&characters[start..end]) > WIDEST_SOLID {
                found.push((start, end));
            }
            start = index + 1;
        }
    }
    found
}

/// The width of a text at most, in half characters; capitals of the serif face are nearly square.
pub(crate) fn half_widths(characters: &[char]) -> usize {
    let narrow = |c: &char| {
        (c.is_ascii() && !c.is_ascii_uppercase() && !"mw%@&".contains(*c)) || is_combining(*c)
    };
    characters.iter().map(|character| if narrow(character) { 1 } else { 2 }).sum()
}
