//! Unbreakable ranges in the cells of tables: those wider than their column are broken.

use crate::render::unbreakable::char_range::{CharRange, NO_LINE_START, is_han};
use crate::render::unbreakable::overlong::{CLOSING, max_half_widths};
use crate::validate::text::characters::is_combining;

/// Opening punctuation, which may not end a line.
const OPENING: &str = "“‘（〔【《〈([{";
/// Quotation marks.
const QUOTES: &str = "“”‘’";
/// Punctuation of numbers and Latin words that may not begin a line.
const CLOSING_LATIN: &str = ".,:;!?%)]}‰％℃";
/// Signs that end a number.
const PERCENT: &str = "%％‰";

/// Fits unbreakable ranges into a column that is `room` half characters wide. A range that is too wide,
/// including adjacent punctuation, becomes breakable. Segments that are still too wide are split into
/// pieces.
pub(crate) fn fit_column(characters: &[char], unbreakable: &mut Vec<CharRange>, room: usize) {
    let is_too_wide = |&(start, end): &CharRange| max_half_widths(&characters[start..end]) > room;
    for (start, end) in segments(characters, unbreakable).into_iter().filter(is_too_wide) {
        unbreakable.retain(|&(from, to)| to <= start || from >= end);
    }
    for (start, end) in segments(characters, unbreakable).into_iter().filter(is_too_wide) {
        unbreakable.retain(|&(from, to)| to <= start || from >= end);
        let at = unbreakable.iter().position(|&(from, _)| from >= end).unwrap_or(unbreakable.len());
        unbreakable.splice(at..at, pieces(characters, (start, end), room));
    }
}

/// The most lines that a text can take in a column that is `room` half characters wide.
pub(crate) fn lines_at_most(characters: &[char], unbreakable: &[CharRange], room: usize) -> usize {
    let mut lines = 1;
    let mut width = 0;
    for (start, end) in segments(characters, unbreakable) {
        let wide = max_half_widths(&characters[start..end]);
        if width + wide > room && width > 0 {
            lines += 1;
            width = 0;
        }
        width += wide;
    }
    lines
}

/// Whether a line may end before a character, as far as punctuation decides.
pub(crate) fn may_end_line(characters: &[char], index: usize) -> bool {
    let (before, after) = (characters[index - 1], characters[index]);
    let is_one_word = (is_latin(before) || is_latin(after))
        && before.is_ascii_graphic()
        && after.is_ascii_graphic();
    let is_double_mark = before == after && "—…".contains(before);
    // Only a closing mark before it tells an opening quotation mark from a closing one.
    let is_quoted = QUOTES.contains(after) && "”’".contains(after);
    !(OPENING.contains(before)
        || before == '/'
        || may_not_begin(after)
        || is_quoted
        || is_combining(after)
        || is_one_word
        || is_double_mark)
}

/// The ranges between certain break opportunities.
pub(crate) fn segments(characters: &[char], unbreakable: &[CharRange]) -> Vec<CharRange> {
    let mut found = Vec::new();
    let mut start = 0;
    for index in 1..=characters.len() {
        if index == characters.len() || may_break(characters, unbreakable, index) {
            found.push((start, index));
            start = index;
        }
    }
    found
}

/// Whether a line can certainly break before this character, even if Typst does not break Latin words.
fn may_break(characters: &[char], unbreakable: &[CharRange], index: usize) -> bool {
    let (before, after) = (characters[index - 1], characters[index]);
    if unbreakable.iter().any(|&(start, end)| start < index && index < end) || may_not_begin(after)
    {
        return false;
    }
    // A quotation mark does not break from a neighbour that is not full-width.
    let is_wide =
        |c: char| is_han(c) || (!QUOTES.contains(c) && !c.is_ascii() && is_punctuation(c));
    if (QUOTES.contains(before) && !is_wide(after)) || (QUOTES.contains(after) && !is_wide(before))
    {
        return false;
    }
    // An unbreakable range may begin and end a line, like a Chinese character.
    let ends = is_han(before)
        || before.is_whitespace()
        || CLOSING.contains(before)
        || unbreakable.iter().any(|&(_, end)| end == index);
    let begins = is_han(after)
        || after.is_whitespace()
        || OPENING.contains(after)
        || unbreakable.iter().any(|&(start, _)| start == index);
    (ends && !OPENING.contains(before) && (begins || after.is_ascii()))
        || (is_latin(before) && is_han(after))
}

fn is_punctuation(character: char) -> bool {
    CLOSING.contains(character) || OPENING.contains(character)
}

fn is_latin(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

fn may_not_begin(character: char) -> bool {
    CLOSING.contains(character)
        || CLOSING_LATIN.contains(character)
        || NO_LINE_START.contains(&character)
        || character == '—'
}

/// Splits a range into characters and numbers, each with its punctuation if that fits the column.
fn pieces(characters: &[char], (start, end): CharRange, room: usize) -> Vec<CharRange> {
    let fits = |from: usize, to: usize| max_half_widths(&characters[from..to]) <= room;
    let mut found = Vec::new();
    let mut from = start;
    while from < end {
        let mut to = from + 1;
        while to < end && must_follow(characters[to - 1], characters[to]) && fits(from, to + 1) {
            // A number that fits on a line of its own is not split.
            let number = number_end(characters, to, end);
            if !is_in_number(characters[to - 1]) && !fits(from, number) && fits(to, number) {
                break;
            }
            to += 1;
        }
        to = before_percent(characters, (from, to), end);
        found.push((from, to));
        from = to;
    }
    found
}

/// The end of a piece of a range that ends at `end`. If the next piece would begin with the percent sign
/// of a number that is too wide, some digits move there with it.
fn before_percent(characters: &[char], (from, to): CharRange, end: usize) -> usize {
    if to >= end || !PERCENT.contains(characters[to]) {
        return to;
    }
    let may_end =
        |&at: &usize| !may_not_begin(characters[at]) && !may_not_begin(characters[at - 1]);
    (from + 1..to).rev().find(may_end).unwrap_or(to)
}

fn must_follow(before: char, after: char) -> bool {
    OPENING.contains(before)
        || may_not_begin(after)
        || (is_in_number(before) && after.is_ascii_digit())
}

fn is_in_number(character: char) -> bool {
    character.is_ascii_digit() || ".,:".contains(character)
}

/// The index after the number that begins at `start`.
fn number_end(characters: &[char], start: usize, end: usize) -> usize {
    let is_inside = |&&character: &&char| is_in_number(character) || PERCENT.contains(character);
    start + characters[start..end].iter().take_while(is_inside).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::fit_column;
    use crate::render::unbreakable::numbers::numbers;

    fn shown(text: &str, room: usize) -> String {
        let characters: Vec<char> = text.chars().collect();
        let mut unbreakable = numbers(&characters);
        fit_column(&characters, &mut unbreakable, room);
        let is_end = |index: usize| unbreakable.iter().any(|&(_, end)| end == index);
        let is_start = |index: usize| unbreakable.iter().any(|&(start, _)| start == index);
        let mut shown = String::new();
        for (index, character) in characters.iter().enumerate() {
            if is_start(index) {
                shown.push('[');
            }
            shown.push(*character);
            if is_end(index + 1) {
                shown.push(']');
            }
        }
        shown
    }

    #[test]
    fn a_number_is_unbreakable_if_it_fits_its_column() {
        let cases = [
            ("共“3910.35万元”", 30, "共“[3910.35万元]”"),
            ("共“3910.35万元”", 12, "共“3910.35万元”"),
            ("共65～57270元", 8, "共[65～][57270]元"),
            ("共679571105637.5%。", 14, "共[67957110563][7.5%。]"),
            ("共“57270”。", 6, "共[“][57270][”。]"),
            ("编号ABCDEFG", 6, "编号[A][B][C][D][E][F][G]"),
            ("（《一》）甲", 6, "[（《一][》）]甲"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(shown(text, room), expected, "{text}");
        }
    }
}
