//! What it costs to break a number in a cell, by the place of the break.

use crate::render::unbreakable::char_range::{CharRange, is_han};
use crate::render::unbreakable::columns::{may_end_line, may_not_begin};
use crate::render::unbreakable::numbers::{OPERATORS, cell_numbers};

/// What breaks at the joints of a number cost.
struct Joints {
    /// After a connector or a bracket: 57～|83552元, 〔2021〕|42号.
    connector: u32,
    /// Before the unit.
    unit: u32,
    /// Anywhere else, such as after ≥ or in the unit.
    other: u32,
}

/// If the column is too narrow for the number with its unit.
const NOT_HELD: Joints = Joints { connector: 1_500, unit: 2_100, other: 6_000 };
/// If only the marks around it make the number too wide: less than it costs to tear off a mark.
const HELD: Joints = Joints { connector: 4_000, unit: 5_000, other: 20_000 };

/// What it costs to begin a line with a closing mark or to end it with an opening one.
pub(crate) const MARK: u32 = 8_000;

/// What it costs to break a word of digits or letters that the column is too narrow for.
const INSIDE_WORD: u32 = 6_000;
/// The same in a number in such a word, if a line holds the number: more than to tear off a mark.
const INSIDE_HELD_NUMBER: u32 = 9_000;
/// The same between letters and digits, after a percent sign or after a comma.
const JOINT: u32 = 5_000;
/// What it costs to break a word that a line holds: more than to tear off a mark.
const INSIDE_HELD_WORD: u32 = 20_000;
/// The same between letters and digits or after a percent sign: less than to tear off a mark.
const HELD_JOINT: u32 = 7_000;

/// Raises the costs of breaks in numbers and Latin words in a column of width `room`.
pub(crate) fn costs_of_numbers(
    characters: &[char],
    widths: &[usize],
    room: usize,
    costs: &mut [u32],
) {
    let is_held = |(start, end): CharRange| widths[start..end].iter().sum::<usize>() <= room;
    for (start, end) in cell_numbers(characters) {
        let joints = if is_held((start, end)) { HELD } else { NOT_HELD };
        for index in start + 1..end {
            let (before, after) = (characters[index - 1], characters[index]);
            let here = if OPERATORS.contains(before) || is_han(before) {
                joints.other
            } else if is_han(after) {
                joints.unit
            } else {
                joints.connector
            };
            let least = if may_end_line(characters, index) { 0 } else { MARK };
            costs[index] = here.max(least);
        }
    }
    for (start, end) in latin_words(characters) {
        let is_held_word = is_held((start, end));
        for index in start + 1..end {
            let (before, after) = (characters[index - 1], characters[index]);
            let is_joint = (!is_in_number(before) || before == '%') && after.is_ascii_digit();
            let inside = if is_held_word {
                if is_joint { HELD_JOINT } else { INSIDE_HELD_WORD }
            } else if is_joint || (before == ',' && after.is_ascii_digit()) {
                JOINT
            } else if is_held(number_around(characters, index)) {
                INSIDE_HELD_NUMBER
            } else {
                INSIDE_WORD
            };
            let is_torn = may_not_begin(after) || "([{/".contains(before);
            costs[index] = inside.max(if is_torn { MARK } else { 0 });
        }
    }
}

fn is_in_number(character: char) -> bool {
    character.is_ascii_digit() || ".,:%".contains(character)
}

/// The number that a break before a character would split. The range of a letter is the word's rest.
fn number_around(characters: &[char], index: usize) -> CharRange {
    let before = characters[..index].iter().rev().take_while(|c| is_in_number(**c)).count();
    let after = characters[index..].iter().take_while(|c| is_in_number(**c)).count();
    (index - before, index + after)
}

/// Sequences of digits, letters and their punctuation.
fn latin_words(characters: &[char]) -> Vec<CharRange> {
    let is_inside = |character: char| character.is_ascii_graphic() || "％‰℃".contains(character);
    let mut start = 0;
    let stretches = characters.chunk_by(|a, b| is_inside(*a) == is_inside(*b));
    let ranges = stretches.map(|stretch| {
        start += stretch.len();
        (start - stretch.len(), start)
    });
    ranges.filter(|&(start, _)| is_inside(characters[start])).collect()
}
