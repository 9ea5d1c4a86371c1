//! Stretches of a line that may not be broken: numbers with their units, and a paragraph's end.

use crate::document::rich_text::{RichText, Weight};
use crate::render::page_data::TextRun;

/// Units and counters longer than one character that follow a number in filings; a single
/// character after a number is kept with it whatever it is.
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

/// Marks the line breaker would part from a kept number, though none may begin a line (9).
const NO_LINE_START: [char; 6] = ['；', '：', '％', '‰', '～', '…'];

/// The widest stretch that is kept whole, in characters: half a line. A longer one is broken like
/// any text, since it could not be moved to the next line without a hole.
const WIDEST: usize = 14;

/// U+2060 WORD JOINER: no glyph, no width, no break.
const JOINER: char = '\u{2060}';

/// Splits text into runs, with numbers and the last two characters of the text kept whole.
pub(super) fn runs_of(text: &RichText) -> Vec<TextRun> {
    let mut out = Vec::new();
    let count = text.runs().len();
    for (index, run) in text.runs().iter().enumerate() {
        let characters: Vec<char> = run.text.chars().collect();
        let mut kept = numbers(&characters);
        if index + 1 == count {
            keep_end(&characters, &mut kept);
        }
        push_runs(&characters, &kept, run.weight == Weight::Strong, &mut out);
    }
    out
}

/// Runs of one plain text.
pub(super) fn plain_runs(text: &str) -> Vec<TextRun> {
    runs_of(&RichText::regular(text))
}

/// A half-open range of characters.
type Stretch = (usize, usize);

fn push_runs(characters: &[char], kept: &[Stretch], strong: bool, out: &mut Vec<TextRun>) {
    let mut position = 0;
    for &(start, end) in kept {
        push(&characters[position..start], strong, false, out);
        push(&characters[start..end], strong, true, out);
        position = end;
        if characters.get(end).is_some_and(|next| NO_LINE_START.contains(next)) {
            let joined: Vec<char> = std::iter::once(JOINER).chain([characters[end]]).collect();
            push(&joined, strong, false, out);
            position = end + 1;
        }
    }
    push(&characters[position..], strong, false, out);
}

fn push(characters: &[char], strong: bool, keep: bool, out: &mut Vec<TextRun>) {
    if characters.is_empty() {
        return;
    }
    let text: String = characters.iter().collect();
    match out.last_mut() {
        Some(last) if !last.keep && !keep && last.strong == strong => last.text.push_str(&text),
        _ => out.push(TextRun { text, strong, keep }),
    }
}

/// The stretches that hold a number: from its sign, bracket or 第 to the end of its unit.
fn numbers(characters: &[char]) -> Vec<Stretch> {
    let mut kept = Vec::new();
    let mut position = 0;
    while position < characters.len() {
        if !characters[position].is_ascii_digit() {
            position += 1;
            continue;
        }
        let end = unit_end(characters, token_end(characters, position));
        let start = token_start(characters, position, kept.last().map_or(0, |&(_, end)| end));
        let (start, end) = bracketed(characters, start, end);
        if end - start <= WIDEST {
            kept.push((start, end));
        }
        position = end;
    }
    kept
}

fn is_latin(character: char) -> bool {
    character.is_ascii_graphic() && !"()[]{}<>\"'*,.;:!?".contains(character)
}

/// Past the digits and what may stand inside or right after a number: 3065.03, 98%, 2-3, 5G.
fn token_end(characters: &[char], start: usize) -> usize {
    let mut end = start;
    while let Some(&character) = characters.get(end) {
        let next_is_digit = characters.get(end + 1).is_some_and(char::is_ascii_digit);
        let is_inside = is_latin(character) || "％‰℃〕".contains(character);
        if !(is_inside || (".,:".contains(character) && next_is_digit)) {
            break;
        }
        end += 1;
    }
    end
}

/// Back over Latin letters, a sign and 第 that belong to the number.
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

/// Past the unit: the longest known one, or the one Chinese character that follows.
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

/// 〔2021〕151号 stays one: the bracket before the year, and the number and 号 after it.
fn bracketed(characters: &[char], start: usize, end: usize) -> Stretch {
    if start == 0 || characters[start - 1] != '〔' {
        return (start, end);
    }
    (start - 1, end)
}

/// Keeps the last two Chinese characters together, so that with the mark behind them no character
/// stands alone on the last line (孤字不成行).
fn keep_end(characters: &[char], kept: &mut Vec<Stretch>) {
    let Some(last) = characters.iter().rposition(|&character| is_han(character)) else { return };
    let is_pair = last > 0 && is_han(characters[last - 1]);
    let is_end = !characters[last..].iter().any(char::is_ascii_alphanumeric);
    let is_free = kept.last().is_none_or(|&(_, end)| end < last);
    if is_pair && is_end && is_free && characters.len() > WIDEST {
        kept.push((last - 1, last + 1));
    }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::plain_runs;

    fn shown(text: &str) -> String {
        plain_runs(text)
            .iter()
            .map(|run| if run.keep { format!("[{}]", run.text) } else { run.text.clone() })
            .collect()
    }

    #[test]
    fn numbers_stay_with_their_units() {
        let cases = [
            ("低保11077户24700人，", "低保[11077户][24700人]，"),
            ("资金5.41亿元。", "资金[5.41亿元]。"),
            ("养育1400元/月/人、", "养育[1400元/月/人]、"),
            ("达100%。", "达[100%]。"),
            ("川民发〔2021〕151号", "川民发[〔2021〕151号]"),
            ("等16个方面", "等[16个]方面"),
            ("第151号令", "[第151号]令"),
            ("支出400余万元用于", "支出[400余万元]用于"),
            ("2021年12月22日", "[2021年][12月][22日]"),
            ("分值\u{2212}10分", "分值[\u{2212}10分]"),
            ("万元7722万元；其", "万元[7722万元]\u{2060}；其"),
            ("COVID-19疫情", "[COVID-19疫]情"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn no_character_ends_a_paragraph_alone() {
        assert_eq!(
            shown("有力巩固风清气正低保环境，现将自查情况报告如下。”"),
            "有力巩固风清气正低保环境，现将自查情况报告[如下]。”"
        );
    }

    #[test]
    fn a_number_too_long_for_half_a_line_may_break() {
        assert_eq!(shown("编号123456789012345678"), "编号123456789012345678");
    }
}
