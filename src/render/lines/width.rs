//! Width of a text in half characters.

/// A digit or Latin letter takes half a character, every other character a whole one.
pub(crate) fn half_characters(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}
