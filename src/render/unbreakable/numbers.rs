//! Numbers with what belongs to them: sign, bracket, 第, unit.

use crate::render::unbreakable::char_range::{CharRange, LONGEST, is_han};

/// Units and measure words of more than one character. A single Chinese character after a number always
/// belongs to it.
const UNITS: [&str; 22] = [
    "元/月/人",
    "元/人/月",
    "元/月",
    "元/年",
    "元/人",
    "人次",
    "户次",
    "人份",
    "万元",
    "亿元",
    "万人",
    "万户",
    "万次",
    "余万元",
    "余元",
    "余人",
    "余户",
    "年度",
    "月份",
    "公里",
    "公斤",
    "平方米",
];

/// The range of each number, from its sign, bracket or 第 to the end of its unit.
pub(crate) fn numbers(characters: &[char]) -> Vec<CharRange> {
    let mut unbreakable = Vec::new();
    let mut position = 0;
    while position < characters.len() {
        if !characters[position].is_ascii_digit() {
            position += 1;
            continue;
        }
        let end = unit_end(characters, token_end(characters, position));
        let start =
            token_start(characters, position, unbreakable.last().map_or(0, |&(_, end)| end));
        let (start, end) = bracketed(characters, start, end);
        // After a long Latin word, only the number.
        let start = if end - start <= LONGEST { start } else { position };
        if end - start <= LONGEST {
            unbreakable.push((start, end));
        }
        position = end;
    }
    unbreakable
}

/// Signs before a number that belong to it in a table.
pub(crate) const OPERATORS: &str = "≥≤＞＜＝><=≈≦≧~±";

/// The same in a cell of a table, with the operator before a number and all of a unit of 万 or 亿.
pub(crate) fn cell_numbers(characters: &[char]) -> Vec<CharRange> {
    let mut found = numbers(characters);
    let mut bound = 0;
    for index in 0..found.len() {
        let (mut start, mut end) = found[index];
        while start > bound && OPERATORS.contains(characters[start - 1]) {
            start -= 1;
        }
        let next = found.get(index + 1).map_or(characters.len(), |&(start, _)| start);
        if "万亿".contains(characters[end - 1]) {
            end = unit_end(&characters[..next], end);
        }
        found[index] = (start, end);
        bound = end;
    }
    found
}

pub(crate) fn is_latin(character: char) -> bool {
    character.is_ascii_graphic() && !"()[]{}<>\"'*,.;:!?".contains(character)
}

/// The index after the digits and what may be inside or right after a number: 3065.03, 98%, 2-3, 5G, 3～5,
/// 0835—2236107.
fn token_end(characters: &[char], start: usize) -> usize {
    let mut end = start;
    while let Some(&character) = characters.get(end) {
        let next_is_digit = characters.get(end + 1).is_some_and(char::is_ascii_digit);
        let is_inside = is_latin(character) || "％‰℃〕".contains(character);
        if !(is_inside || (".,:—–－～".contains(character) && next_is_digit)) {
            break;
        }
        end += 1;
    }
    end
}

/// The index of the first Latin letter, sign or 第 that belongs to the number.
fn token_start(characters: &[char], digit: usize, bound: usize) -> usize {
    let mut start = digit;
    while start > bound
        && (is_latin(characters[start - 1]) || "\u{2212}±￥".contains(characters[start - 1]))
    {
        start -= 1;
    }
    if start > bound && characters[start - 1] == '第' {
        start -= 1;
    }
    start
}

/// The index after the unit: the longest known one, or one Chinese character.
fn unit_end(characters: &[char], number_end: usize) -> usize {
    let rest = &characters[number_end..];
    let known = UNITS
        .iter()
        .map(|unit| unit.chars().count())
        .zip(UNITS)
        .filter(|(length, unit)| {
            rest.len() >= *length && rest[..*length].iter().copied().eq(unit.chars())
        })
        .map(|(length, _)| length)
        .max();
    match known {
        Some(length) => number_end + length,
        None if rest.first().is_some_and(|&character| is_han(character)) => number_end + 1,
        None => number_end,
    }
}

/// Adds the bracket before the year of 〔2021〕151号. The rest already belongs to the number.
fn bracketed(characters: &[char], start: usize, end: usize) -> CharRange {
    if start == 0 || characters[start - 1] != '〔' {
        return (start, end);
    }
    (start - 1, end)
}
