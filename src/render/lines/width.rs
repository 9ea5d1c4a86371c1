//! How wide a text is in running text, counted in half characters.

/// A digit or Latin letter takes half a character, everything else a whole one.
pub(crate) fn half_characters(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}
