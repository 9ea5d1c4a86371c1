//! Chinese characters and marks around a place in a text.

use std::ops::Range;

/// Whether the character is Chinese.
pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// Whether the character is a full-width mark.
pub fn is_mark(c: char) -> bool {
    "，。、；：？！“”‘’（）《》〈〉【】〔〕…—".contains(c)
}

/// The nearest character before an index, skipping the marks of strong text.
pub fn before(text: &[char], index: usize) -> Option<char> {
    text[..index].iter().rev().copied().find(|c| *c != '*')
}

/// The nearest character from an index on, skipping the marks of strong text.
pub fn after(text: &[char], index: usize) -> Option<char> {
    text[index..].iter().copied().find(|c| *c != '*')
}

/// The maximal ranges of characters that satisfy a predicate.
pub fn runs(text: &[char], is_such: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for index in (0..text.len()).filter(|index| is_such(text[*index])) {
        match found.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    found
}
