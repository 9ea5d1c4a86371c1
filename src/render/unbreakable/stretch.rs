//! Stretches of text, and the characters that decide where a line may break.

/// Marks the line breaker would put at a line's start, though none may stand there (9). It counts
/// them as characters.
pub(crate) const NO_LINE_START: [char; 7] = ['～', '〜', '－', '–', '·', '／', '⁄'];

/// The widest stretch that is kept whole, in characters: half a line. A longer one is broken like
/// any text, since it could not be moved to the next line without a hole.
pub(crate) const WIDEST: usize = 14;

/// A half-open range of characters.
pub(crate) type Stretch = (usize, usize);

/// Whether a character is a hanzi.
pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}
