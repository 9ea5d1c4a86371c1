//! The width of a line of 标题 (B-2).

use crate::document::measures::{self, AREA_WIDTH, TITLE_SIZE};

/// The widest line in hundredths of a character.
pub const WIDEST: usize = measures::characters(100 * AREA_WIDTH, TITLE_SIZE);
/// The width of a Chinese character or a full-width mark.
pub const HAN: usize = 100;
/// The width of a digit or a lowercase letter in the widest of the usual 小标宋 typefaces.
pub const ASCII: usize = 60;

/// The width of a line in hundredths of a character.
pub fn width_of(line: &str) -> usize {
    width_with(line, ASCII)
}

/// The width if digits and lowercase letters have this width.
pub fn width_with(line: &str, ascii: usize) -> usize {
    let is_narrow =
        |c: char| c.is_ascii() && c != ' ' && !c.is_ascii_uppercase() && !"mw@%&+=<>".contains(c);
    line.chars().map(|character| if is_narrow(character) { ascii } else { HAN }).sum()
}
