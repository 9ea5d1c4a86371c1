//! Characters lost on the way from one program to another: 周?, 吕□国, 锟斤拷.

use std::ops::Range;

/// What wrong encodings leave behind.
const RESIDUE: [&str; 4] = ["锟斤拷", "烫烫烫", "屯屯屯", "ï»¿"];

/// What stands for a character in a name.
const STAND_INS: &str = "?？□■▯▢";

/// The places of a name where a character is lost.
pub fn in_name(text: &[char]) -> Vec<Range<usize>> {
    let mut found = residue(text);
    found.extend(runs(text, |c| STAND_INS.contains(c)));
    found
}

/// The places of running text where characters seem to be lost. One □ between two ideographs is
/// doubted; a form has several.
pub fn in_text(text: &[char]) -> Vec<Range<usize>> {
    let mut found = residue(text);
    found.extend(runs(text, |c| c == '?').into_iter().filter(|run| run.len() > 1));
    let boxes = runs(text, |c| c == '□');
    if let [only] = boxes.as_slice() {
        let before = only.start.checked_sub(1).and_then(|index| text.get(index));
        let is_inside = [before, text.get(only.end)]
            .into_iter()
            .all(|c| c.is_some_and(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')));
        if is_inside {
            found.push(only.clone());
        }
    }
    found
}

fn residue(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for word in RESIDUE {
        let word: Vec<char> = word.chars().collect();
        let starts = text.windows(word.len()).enumerate().filter(|(_, part)| *part == word);
        found.extend(starts.map(|(start, _)| start..start + word.len()).take(1));
    }
    found
}

/// The longest stretches of such characters.
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
