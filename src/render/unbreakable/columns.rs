//! Text of a table's cell: in its column, what cannot be kept whole is broken as late as can be.

use crate::render::unbreakable::solids::{CLOSING, half_widths};
use crate::render::unbreakable::stretch::{NO_LINE_START, Stretch, is_han};
use crate::validate::text::characters::is_combining;

/// Marks that end no line.
const OPENING: &str = "“‘（〔【《〈([{";
/// Marks that open or close as they stand.
const QUOTES: &str = "“”‘’";
/// Marks of numbers and Latin words that begin no line.
const CLOSING_LATIN: &str = ".,:;!?%)]}‰％℃";

/// Fits stretches into a column of so many half characters. One that is too wide, with the marks it
/// cannot be parted from, is no longer kept; what is too wide even so is broken anywhere.
pub(crate) fn fit_column(characters: &[char], kept: &mut Vec<Stretch>, room: usize) {
    let is_too_wide = |&(start, end): &Stretch| half_widths(&characters[start..end]) > room;
    for (start, end) in chunks(characters, kept).into_iter().filter(is_too_wide) {
        kept.retain(|&(from, to)| to <= start || from >= end);
    }
    for (start, end) in chunks(characters, kept).into_iter().filter(is_too_wide) {
        kept.retain(|&(from, to)| to <= start || from >= end);
        let at = kept.iter().position(|&(from, _)| from >= end).unwrap_or(kept.len());
        kept.splice(at..at, pieces(characters, (start, end), room));
    }
}

/// How many lines of so many half characters a text takes, at the most.
pub(crate) fn lines_at_most(characters: &[char], kept: &[Stretch], room: usize) -> usize {
    let mut lines = 1;
    let mut width = 0;
    for (start, end) in chunks(characters, kept) {
        let wide = half_widths(&characters[start..end]);
        if width + wide > room && width > 0 {
            lines += 1;
            width = 0;
        }
        width += wide;
    }
    lines
}

/// Whether a line may end before a character, as far as marks decide.
pub(crate) fn may_end_line(characters: &[char], index: usize) -> bool {
    let (before, after) = (characters[index - 1], characters[index]);
    let is_one_word = (is_latin(before) || is_latin(after))
        && before.is_ascii_graphic()
        && after.is_ascii_graphic();
    let is_double_mark = before == after && "—…".contains(before);
    // Only a closing mark tells which way a quote stands.
    let is_quoted = QUOTES.contains(after) && "”’".contains(after);
    !(OPENING.contains(before)
        || before == '/'
        || begins_no_line(after)
        || is_quoted
        || is_combining(after)
        || is_one_word
        || is_double_mark)
}

/// The stretches between places where a line may end for certain.
pub(crate) fn chunks(characters: &[char], kept: &[Stretch]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut start = 0;
    for index in 1..=characters.len() {
        if index == characters.len() || may_part(characters, kept, index) {
            found.push((start, index));
            start = index;
        }
    }
    found
}

/// Whether a line may end before this character, whatever the line breaker thinks of Latin words.
fn may_part(characters: &[char], kept: &[Stretch], index: usize) -> bool {
    let (before, after) = (characters[index - 1], characters[index]);
    if kept.iter().any(|&(start, end)| start < index && index < end) || begins_no_line(after) {
        return false;
    }
    // Quotes are held to what is not as wide as they are.
    let is_wide = |c: char| is_han(c) || (!QUOTES.contains(c) && !c.is_ascii() && is_mark(c));
    if (QUOTES.contains(before) && !is_wide(after)) || (QUOTES.contains(after) && !is_wide(before))
    {
        return false;
    }
    // A kept stretch may begin and end a line like a character.
    let ends = is_han(before)
        || before.is_whitespace()
        || CLOSING.contains(before)
        || kept.iter().any(|&(_, end)| end == index);
    let begins = is_han(after)
        || after.is_whitespace()
        || OPENING.contains(after)
        || kept.iter().any(|&(start, _)| start == index);
    (ends && !OPENING.contains(before) && (begins || after.is_ascii()))
        || (is_latin(before) && is_han(after))
}

fn is_mark(character: char) -> bool {
    CLOSING.contains(character) || OPENING.contains(character)
}

fn is_latin(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

fn begins_no_line(character: char) -> bool {
    CLOSING.contains(character)
        || CLOSING_LATIN.contains(character)
        || NO_LINE_START.contains(&character)
        || character == '—'
}

/// A character or a number, with the marks that belong to it, as far as a line holds them.
fn pieces(characters: &[char], (start, end): Stretch, room: usize) -> Vec<Stretch> {
    let fits = |from: usize, to: usize| half_widths(&characters[from..to]) <= room;
    let mut found = Vec::new();
    let mut from = start;
    while from < end {
        let mut to = from + 1;
        while to < end && belongs(characters[to - 1], characters[to]) && fits(from, to + 1) {
            // A number that a line of its own holds is not begun on this one.
            let number = number_end(characters, to, end);
            if !is_in_number(characters[to - 1]) && !fits(from, number) && fits(to, number) {
                break;
            }
            to += 1;
        }
        found.push((from, to));
        from = to;
    }
    found
}

fn belongs(before: char, after: char) -> bool {
    OPENING.contains(before)
        || begins_no_line(after)
        || (is_in_number(before) && after.is_ascii_digit())
}

fn is_in_number(character: char) -> bool {
    character.is_ascii_digit() || ".,:".contains(character)
}

/// Past a number that begins here.
fn number_end(characters: &[char], start: usize, end: usize) -> usize {
    let is_inside = |&&character: &&char| is_in_number(character) || "%％‰".contains(character);
    start + characters[start..end].iter().take_while(is_inside).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::fit_column;
    use crate::render::unbreakable::numbers::numbers;

    fn shown(text: &str, room: usize) -> String {
        let characters: Vec<char> = text.chars().collect();
        let mut kept = numbers(&characters);
        fit_column(&characters, &mut kept, room);
        let is_end = |index: usize| kept.iter().any(|&(_, end)| end == index);
        let is_start = |index: usize| kept.iter().any(|&(start, _)| start == index);
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
    fn a_number_is_kept_as_far_as_its_column_holds_it() {
        let cases = [
            ("共“3910.35万元”", 30, "共“[3910.35万元]”"),
            ("共“3910.35万元”", 12, "共“3910.35万元”"),
            ("共65～57270元", 8, "共[65～][57270]元"),
            ("共“57270”。", 6, "共[“][57270][”。]"),
            ("编号ABCDEFG", 6, "编号[A][B][C][D][E][F][G]"),
            ("（《一》）甲", 6, "[（《一][》）]甲"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(shown(text, room), expected, "{text}");
        }
    }
}
