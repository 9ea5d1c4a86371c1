//! Ranges of characters, and the characters that decide where a line may break.

/// Punctuation that may not begin a line (section 9), although Typst's line breaking would allow it.
pub(crate) const NO_LINE_START: [char; 7] = ['～', '〜', '－', '–', '·', '／', '⁄'];

/// The longest unbreakable range, in characters: half a line. A longer one is broken like any text,
/// because moving it to the next line would leave a large gap.
pub(crate) const LONGEST: usize = 14;

/// A half-open range of characters.
pub(crate) type CharRange = (usize, usize);

/// Whether a character is a Chinese character.
pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}
