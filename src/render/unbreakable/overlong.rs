//! Breaks sequences without a break opportunity that are too wide for a line.

use crate::render::unbreakable::char_range::{CharRange, is_han};
use crate::validate::text::characters::is_combining;

/// Closing punctuation: a line may end after it.
pub(crate) const CLOSING: &str = "，。、；：？！”’）〕】》〉…";

/// The widest sequence without a break opportunity, in half characters: 20 characters, so that it fits
/// the narrowest column. A wider one would extend past the edge of the page.
const WIDEST: usize = 40;

/// The most characters of a piece, including the combining marks and punctuation that follow its first.
const LONGEST_PIECE: usize = 6;

/// Splits sequences that are too wide into unbreakable pieces as wide as one Chinese character. A line may
/// break between any two of them.
pub(crate) fn break_overlong(characters: &[char], unbreakable: &mut Vec<CharRange>) {
    for (start, end) in overlong(characters) {
        unbreakable.retain(|&(from, to)| to <= start || from >= end);
        let at = unbreakable.iter().position(|&(from, _)| from >= end).unwrap_or(unbreakable.len());
        let mut pieces = Vec::new();
        let mut from = start;
        while from < end {
            let is_pair = from + 1 < end && max_half_widths(&characters[from..from + 2]) == 2;
            let mut to = if is_pair { from + 2 } else { from + 1 };
            let follows = |c: char| is_combining(c) || CLOSING.contains(c);
            while to < end && to - from < LONGEST_PIECE && follows(characters[to]) {
                to += 1;
            }
            pieces.push((from, to));
            from = to;
        }
        unbreakable.splice(at..at, pieces);
    }
}

/// Sequences without a break opportunity that are too wide for a line.
fn overlong(characters: &[char]) -> Vec<CharRange> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1);
        let is_outside = is_han(character) || character.is_whitespace();
        let closes = |next: &char| CLOSING.contains(character) && !CLOSING.contains(*next);
        let may_break = is_outside || next.is_some_and(closes);
        if may_break || next.is_none() {
            let end = if is_outside { index } else { index + 1 };
            if max_half_widths(&characters[start..end]) > WIDEST {
                found.push((start, end));
            }
            start = index + 1;
        }
    }
    found
}

/// The greatest possible width of a text, in half characters. Capitals of the serif typeface can be
/// almost as wide as a Chinese character.
pub(crate) fn max_half_widths(characters: &[char]) -> usize {
    let narrow = |c: &char| {
        (c.is_ascii() && !c.is_ascii_uppercase() && !"mw%@&".contains(*c)) || is_combining(*c)
    };
    characters.iter().map(|character| if narrow(character) { 1 } else { 2 }).sum()
}
