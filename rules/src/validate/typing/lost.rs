//! Characters lost on the way from one program to another: 周?, 吕□国, 锟斤拷.

use std::ops::Range;

use crate::validate::typing::chinese::{is_chinese, runs};

/// What wrong encodings leave behind.
const RESIDUE: [&str; 4] = ["锟斤拷", "烫烫烫", "屯屯屯", "ï»¿"];

/// Characters that replace a lost one in a name.
const STAND_INS: &str = "?？□■▯▢";

/// The ranges of a name where a character is lost.
pub fn in_name(text: &[char]) -> Vec<Range<usize>> {
    let mut found = residue(text);
    found.extend(runs(text, |c| STAND_INS.contains(c)));
    found
}

/// The ranges of running text where characters seem to be lost. A single □ between two ideographs is
/// one; forms to fill in have several.
pub fn in_text(text: &[char]) -> Vec<Range<usize>> {
    let mut found = residue(text);
    let is_inside = |run: &Range<usize>| {
        let before = run.start.checked_sub(1).and_then(|index| text.get(index));
        [before, text.get(run.end)].into_iter().flatten().filter(|c| is_chinese(**c)).count() == 2
    };
    let questions = runs(text, |c| c == '?').into_iter();
    found.extend(questions.filter(|run| run.len() > 1 || is_inside(run)));
    let boxes = runs(text, |c| c == '□');
    if boxes.len() == 1 {
        found.extend(boxes.into_iter().filter(is_inside));
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
