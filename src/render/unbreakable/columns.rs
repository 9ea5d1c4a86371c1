//! Where the lines of the cells of tables may end.

use crate::render::unbreakable::char_range::{CharRange, NO_LINE_START, is_han};
use crate::render::unbreakable::overlong::CLOSING;
use crate::validate::text::characters::is_combining;

/// Opening punctuation, which may not end a line.
const OPENING: &str = "“‘（〔【《〈([{";
/// Quotation marks.
const QUOTES: &str = "“”‘’";
/// Punctuation of numbers and Latin words that may not begin a line.
const CLOSING_LATIN: &str = ".,:;!?%)]}‰％℃";

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

/// Whether a character may not begin a line.
pub(crate) fn may_not_begin(character: char) -> bool {
    CLOSING.contains(character)
        || CLOSING_LATIN.contains(character)
        || NO_LINE_START.contains(&character)
        || character == '—'
}
