//! Ranges of text that lines must not break: numbers with their units, and the last two characters.

pub(crate) mod columns;
pub(crate) mod numbers;
pub(crate) mod overlong;
pub(crate) mod char_range;

use crate::document::rich_text::{RichText, Weight};
use crate::render::page_data::text::TextRun;
use crate::render::unbreakable::char_range::{CharRange, LONGEST, NO_LINE_START};
use crate::render::unbreakable::columns::segments;
use crate::render::unbreakable::numbers::{cell_numbers, is_latin, numbers};
use crate::render::unbreakable::overlong::break_overlong;

/// Punctuation that Typst allows to begin a line only after an unbreakable number, which it sees as a box.
const NO_LINE_START_AFTER_NUMBER: [char; 5] = ['；', '：', '％', '‰', '…'];
/// U+2060 WORD JOINER: forbids a line break and has no width.
pub(crate) const JOINER: char = '\u{2060}';

/// A character and its weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StyledChar {
    pub character: char,
    pub strong: bool,
}

/// Splits a text into runs. Numbers and the last two characters are unbreakable.
pub(crate) fn runs_of(text: &RichText) -> Vec<TextRun> {
    let styled = styled_chars(text);
    to_runs(&styled, &unbreakable_ranges(&styled))
}

/// The ranges of a cell's text between places where a line may end.
pub(crate) fn cell_segments(characters: &[char]) -> Vec<CharRange> {
    segments(characters, &cell_numbers(characters))
}

/// The unbreakable ranges of a text: numbers, and the last two characters.
pub(crate) fn unbreakable_ranges(styled: &[StyledChar]) -> Vec<CharRange> {
    let characters: Vec<char> = styled.iter().map(|styled_char| styled_char.character).collect();
    ranges_of(&characters)
}

/// The characters of a text with their weights.
pub(crate) fn styled_chars(text: &RichText) -> Vec<StyledChar> {
    let runs = text.runs().iter();
    runs.flat_map(|run| {
        let strong = run.weight == Weight::Strong;
        run.text.chars().map(move |character| StyledChar { character, strong })
    })
    .collect()
}

fn ranges_of(characters: &[char]) -> Vec<CharRange> {
    let mut unbreakable = numbers(characters);
    join_last_characters(characters, &mut unbreakable);
    break_overlong(characters, &mut unbreakable);
    unbreakable
}

/// Splits a plain text into runs.
pub(crate) fn plain_runs(text: &str) -> Vec<TextRun> {
    runs_of(&RichText::regular(text))
}

fn to_runs(styled: &[StyledChar], unbreakable: &[CharRange]) -> Vec<TextRun> {
    let mut out = Vec::new();
    let mut position = 0;
    for &(start, end) in unbreakable {
        push_breakable(styled, (position, start), &mut out);
        push_unbreakable(&styled[start..end], &mut out);
        position = end;
    }
    push_breakable(styled, (position, styled.len()), &mut out);
    out
}

/// Adds breakable text, with word joiners where a rule forbids a break.
fn push_breakable(styled: &[StyledChar], (start, end): CharRange, out: &mut Vec<TextRun>) {
    for index in start..end {
        let StyledChar { character, strong } = styled[index];
        let before = index.checked_sub(1).map(|before| styled[before].character);
        let after = styled.get(index + 1).map(|after| after.character);
        let follows_number = index == start && out.last().is_some_and(|run| run.unbreakable);
        let is_single_dash = character == '—' && before != Some('—') && after != Some('—');
        if before.is_some()
            && (NO_LINE_START.contains(&character)
                || is_single_dash
                || (follows_number && NO_LINE_START_AFTER_NUMBER.contains(&character)))
        {
            push(JOINER, strong, out);
        }
        push(character, strong, out);
        // A slash may not end a line either.
        if character == '／' && after.is_some() {
            push(JOINER, strong, out);
        }
    }
}

fn push(character: char, strong: bool, out: &mut Vec<TextRun>) {
    match out.last_mut() {
        Some(last) if !last.unbreakable && last.strong == strong => last.text.push(character),
        _ => out.push(TextRun { text: character.to_string(), strong, unbreakable: false }),
    }
}

/// Adds an unbreakable range. If its weight changes, a word joiner connects the runs.
fn push_unbreakable(styled: &[StyledChar], out: &mut Vec<TextRun>) {
    for (index, part) in styled.chunk_by(|a, b| a.strong == b.strong).enumerate() {
        let strong = part[0].strong;
        if index > 0 {
            push(JOINER, strong, out);
        }
        let text = part.iter().map(|styled_char| styled_char.character).collect();
        out.push(TextRun { text, strong, unbreakable: true });
    }
}

/// Makes the last two characters other than punctuation unbreakable, so that the last line never has a
/// single character (孤字不成行).
fn join_last_characters(characters: &[char], unbreakable: &mut Vec<CharRange>) {
    let is_word = |character: &char| character.is_alphanumeric();
    let Some(last) = characters.iter().rposition(is_word) else { return };
    let Some(before) = characters[..last].iter().rposition(is_word) else { return };
    // A digit with its sign, as in `0%`, counts as one character.
    let has_several = |&(start, end): &CharRange| {
        characters[start..end].iter().filter(|c| is_word(c)).count() > 1
    };
    let is_joined = unbreakable.last().is_some_and(|range| range.1 > last && has_several(range));
    let is_latin_word =
        before + 1 == last && is_latin(characters[last]) && is_latin(characters[before]);
    if is_joined || is_latin_word || characters.len() <= LONGEST {
        return;
    }
    // Latin words are not split either.
    let splits_word =
        |&at: &usize| is_latin(characters[at]) && at > 0 && is_latin(characters[at - 1]);
    let mut start = (0..=before).rev().find(|at| !splits_word(at)).unwrap_or(before);
    let mut joined_end = last + 1;
    let mut shared = Vec::new();
    while let Some((number, end)) = unbreakable.pop_if(|&mut (_, end)| end > start) {
        start = start.min(number);
        joined_end = joined_end.max(end);
        shared.push((number, end));
    }
    if joined_end - start <= LONGEST {
        unbreakable.push((start, joined_end));
        return;
    }
    // Together they are too long, so each number gives up the characters it shares with the end.
    let rest = shared.into_iter().rev().map(|(number, end)| (number, end.min(before)));
    unbreakable.extend(rest.filter(|(number, end)| number < end));
    if last + 1 - before <= LONGEST {
        unbreakable.push((before, last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::{plain_runs, runs_of};
    use crate::document::rich_text::RichText;

    fn shown(text: &str) -> String {
        plain_runs(text)
            .iter()
            .map(|run| if run.unbreakable { format!("[{}]", run.text) } else { run.text.clone() })
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
            ("电话0835—2236107。", "电话[0835—2236107]。"),
            ("增加3～5万元，", "增加[3～5万元]，"),
            ("万元7722万元；其", "万元[7722万元]\u{2060}；其"),
            ("COVID-19疫情", "[COVID-19疫]情"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_two_characters_are_unbreakable() {
        assert_eq!(
            shown("有力巩固风清气正低保环境，现将自查情况报告如下。”"),
            "有力巩固风清气正低保环境，现将自查情况报告[如下]。”"
        );
    }

    #[test]
    fn a_short_end_takes_the_character_before_it() {
        let cases = [
            ("其他有关工作按照要求办理的情况（一）。", "其他有关工作按照要求办理的情[况（一]）。"),
            ("其他有关工作按照要求办理的情况为3。", "其他有关工作按照要求办理的情况[为3]。"),
            ("其他有关工作按照要求办理的APP。", "其他有关工作按照要求办理的APP。"),
            ("其他有关工作按照要求办理的0%）", "其他有关工作按照要求办理[的0%]）"),
            ("其他有关工作按照要求办理的5户。", "其他有关工作按照要求办理的[5户]。"),
            ("其他有关工作按照要求办理的AI（9）……", "其他有关工作按照要求办理的[AI（9]）……"),
            ("其他有关工作按照要求办理了3AI（9）……", "其他有关工作按照要求办理了[3AI（9]）……"),
            ("其他有关资金19580COVID-19街道）。", "其他有关资金[19580COVID-19][街道]）。"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_change_of_weight_breaks_neither_a_number_nor_an_end() {
        let text = RichText::parse("支出**5**万元，其他有关工作按照要求**办**理");
        let shown: Vec<_> =
            runs_of(&text).into_iter().map(|run| (run.text, run.strong, run.unbreakable)).collect();
        let expected = [
            ("支出", false, false),
            ("5", true, true),
            ("\u{2060}", false, false),
            ("万元", false, true),
            ("，其他有关工作按照要求", false, false),
            ("办", true, true),
            ("\u{2060}", false, false),
            ("理", false, true),
        ];
        assert_eq!(
            shown,
            expected.map(|(text, strong, unbreakable)| (text.to_owned(), strong, unbreakable))
        );
    }

    #[test]
    fn connectors_do_not_begin_a_line() {
        assert_eq!(
            shown("甲～乙·丙／丁—戊——己"),
            "甲\u{2060}～乙\u{2060}·丙\u{2060}／\u{2060}丁\u{2060}—戊——己"
        );
    }

    #[test]
    fn a_number_longer_than_half_a_line_is_breakable() {
        assert_eq!(shown("编号123456789012345678"), "编号123456789012345678");
    }

    #[test]
    fn a_sequence_wider_than_a_line_is_broken_anywhere() {
        let digits = "1234567890".repeat(5);
        let shown = shown(&format!("编号{digits}，止"));
        assert!(shown.starts_with("编号[12][34][56]"), "{shown}");
        assert!(shown.ends_with("[78][90，]止"), "{shown}");
        assert!(
            !super::plain_runs("2.5、3.5、".repeat(20).as_str())
                .iter()
                .any(|run| run.text.len() == 1)
        );
    }
}
