//! The pieces of a title between which a line may end, and what each break costs.

use crate::document::title::{WIDEST, width_of};
use crate::render::title::costs::{NEVER, WORST, add_costs_in_titles, break_costs};
use crate::render::title::word::{Class, Word};

/// What a break inside 《》 or quotation marks costs in addition.
const INSIDE: f64 = 7.0;
/// What it costs to leave one word of such a text at the end of a line.
const FIRST_WORD: f64 = 6.0;
/// The longest such word, in characters.
const SHORT_WORD: usize = 4;
/// What a break inside a word too long for a line costs.
const INSIDE_WORD: f64 = 20.0;
/// The longest word that fits on any line, in characters.
const LONGEST_WORD: usize = 20;
/// The longest text in brackets or quotation marks that stays on one line, in characters.
const LONGEST_KEPT: usize = 14;
/// What it costs if 关于 stays on the line of several agencies.
const JOINED_ISSUERS: f64 = 8.0;
/// What it costs if a second 关于, or a 《 with a long title, begins inside a line.
const JOINED_TITLE: f64 = 4.0;
/// The same if the title after 《 is longer than a line.
const JOINED_LONGER_TITLE: f64 = 8.0;
/// With more characters than the first, a book title probably does not fit on the line where it
/// begins; with more than the second, it fits on no line.
const LONG_TITLE: (usize, usize) = (16, 18);

/// A part of the title that stays on one line.
#[derive(Debug)]
pub(crate) struct Piece {
    pub text: String,
    /// What it costs to end a line here.
    pub break_after: f64,
    /// What it costs not to end a line here.
    pub no_break_after: f64,
}

/// The pieces of a title of these words.
pub(crate) fn pieces_of(words: &[Word]) -> Vec<Piece> {
    let mut costs = break_costs(words);
    add_costs_in_titles(words, &mut costs);
    pieces_with(words, costs)
}

/// The pieces of a short text of these words.
pub(crate) fn pieces_of_cell(words: &[Word]) -> Vec<Piece> {
    pieces_with(words, break_costs(words))
}

fn pieces_with(words: &[Word], mut costs: Vec<f64>) -> Vec<Piece> {
    add_costs_inside(words, &mut costs);
    let leading =
        words.iter().take_while(|word| matches!(word.class, Class::Issuer | Class::Space)).count();
    let is_joint = words.iter().filter(|word| word.class == Class::Issuer).count() > 1;
    let mut pieces = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let no_break_after = match index + 1 {
            next if next == leading && is_joint => JOINED_ISSUERS,
            next if next > leading => joined_title(&words[next..]),
            _ => 0.0,
        };
        let chunks = chunks(&word.text);
        let (last, before) = chunks.split_last().map_or((&word.text, &[][..]), |parts| parts);
        pieces.extend(before.iter().map(|chunk| Piece {
            text: chunk.clone(),
            break_after: INSIDE_WORD,
            no_break_after: 0.0,
        }));
        pieces.push(Piece {
            text: last.clone(),
            break_after: costs.get(index).copied().unwrap_or(0.0),
            no_break_after,
        });
    }
    pieces
}

/// Adds what breaks inside brackets, quotation marks and book titles cost.
fn add_costs_inside(words: &[Word], costs: &mut [f64]) {
    let mut open: Vec<usize> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match word.text.as_str() {
            "《" | "〈" | "“" | "（" => open.push(index),
            "》" | "〉" | "”" | "）" => {
                let Some(start) = open.pop() else { continue };
                let is_kept = match word.text.as_str() {
                    "》" => open.is_empty() && fits_with_tail(words, costs, start, index),
                    "〉" => false,
                    _ => {
                        words[start..index].iter().map(Word::length).sum::<usize>() <= LONGEST_KEPT
                    }
                };
                for cost in &mut costs[start..index] {
                    *cost += if is_kept { WORST } else { INSIDE };
                }
                // 通知》 alone is too short to begin a line.
                if index >= 2 && words[index - 2].text == "的" && words[index - 1].length() <= 2 {
                    costs[index - 2] += INSIDE_WORD;
                }
                let is_short = words[start + 1].length() <= SHORT_WORD;
                if let Some(cost) = costs.get_mut(start + 1).filter(|_| is_short) {
                    *cost += FIRST_WORD;
                }
            }
            _ => {}
        }
    }
}

/// Whether a book title fits on a line together with the words that stay with it.
fn fits_with_tail(words: &[Word], costs: &[f64], start: usize, end: usize) -> bool {
    let tail = costs[end.min(costs.len())..].iter().take_while(|cost| **cost == NEVER).count();
    let text: String = words[start..=end + tail].iter().map(|word| word.text.as_str()).collect();
    width_of(&text) <= WIDEST
}

/// What it costs not to begin a line with these words.
fn joined_title(words: &[Word]) -> f64 {
    match words.first().map(|word| word.text.as_str()) {
        Some("关于") => JOINED_TITLE,
        Some("《") if quoted_length(words) > LONG_TITLE.1 => JOINED_LONGER_TITLE,
        Some("《") if quoted_length(words) > LONG_TITLE.0 => JOINED_TITLE,
        _ => 0.0,
    }
}

/// Number of characters from 《, the first of the words, to its 》.
fn quoted_length(words: &[Word]) -> usize {
    words.iter().take_while(|word| word.text != "》").map(Word::length).sum()
}

/// Splits a word that fits on no line, such as a web address, into parts that do.
fn chunks(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() <= LONGEST_WORD {
        return vec![word.to_owned()];
    }
    characters.chunks(LONGEST_WORD / 2).map(|chunk| chunk.iter().collect()).collect()
}
