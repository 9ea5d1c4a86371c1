//! Stretches of a line that may not be broken: numbers with their units, and a paragraph's end.

pub(crate) mod columns;
pub(crate) mod numbers;
pub(crate) mod solids;
pub(crate) mod stretch;

use crate::document::rich_text::{RichText, Weight};
use crate::render::page_data::text::TextRun;
use crate::render::unbreakable::columns::{chunks, fit_column, lines_at_most};
use crate::render::unbreakable::numbers::{OPERATORS, cell_numbers, is_latin, numbers};
use crate::render::unbreakable::solids::{break_solids, half_widths};
use crate::render::unbreakable::stretch::{NO_LINE_START, Stretch, WIDEST};

/// Marks it would part from a kept number only.
const NO_LINE_START_AFTER_NUMBER: [char; 5] = ['；', '：', '％', '‰', '…'];
/// U+2060 WORD JOINER: no glyph, no width, no break.
const JOINER: char = '\u{2060}';

/// A character and its weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter {
    pub character: char,
    pub strong: bool,
}

/// Splits text into runs, with numbers and the last two characters of the text kept whole.
pub(crate) fn runs_of(text: &RichText) -> Vec<TextRun> {
    runs_fitted(text, |_, _| {})
}

/// The same in a table's column of so many half characters.
pub(crate) fn runs_in_column(text: &RichText, room: usize) -> Vec<TextRun> {
    runs_fitted(text, |characters, kept| {
        with_operators(characters, kept, room);
        fit_column(characters, kept, room);
    })
}

/// How many lines a text takes in a table's column of so many half characters, at the most.
pub(crate) fn lines_in_column(text: &RichText, room: usize) -> usize {
    let characters: Vec<char> = letters_of(text).iter().map(|letter| letter.character).collect();
    let mut kept = kept_of(&characters);
    with_operators(&characters, &mut kept, room);
    fit_column(&characters, &mut kept, room);
    lines_at_most(&characters, &kept, room)
}

/// The stretches of a cell's text between places where a line may end.
pub(crate) fn cell_chunks(characters: &[char]) -> Vec<Stretch> {
    chunks(characters, &cell_numbers(characters))
}

/// The stretches of a text that no line may part: numbers, and its last two characters.
pub(crate) fn kept_stretches(letters: &[Letter]) -> Vec<Stretch> {
    let characters: Vec<char> = letters.iter().map(|letter| letter.character).collect();
    kept_of(&characters)
}

/// Keeps the operator before a number with it, if the column holds both.
fn with_operators(characters: &[char], kept: &mut [Stretch], room: usize) {
    let mut bound = 0;
    for (start, end) in kept {
        let mut from = *start;
        while from > bound && OPERATORS.contains(characters[from - 1]) {
            from -= 1;
        }
        if half_widths(&characters[from..*end]) <= room {
            *start = from;
        }
        bound = *end;
    }
}

fn runs_fitted(text: &RichText, fit: impl Fn(&[char], &mut Vec<Stretch>)) -> Vec<TextRun> {
    let letters = letters_of(text);
    let characters: Vec<char> = letters.iter().map(|letter| letter.character).collect();
    let mut kept = kept_of(&characters);
    fit(&characters, &mut kept);
    joined(&letters, &kept)
}

/// The characters of a text with their weights.
pub(crate) fn letters_of(text: &RichText) -> Vec<Letter> {
    let runs = text.runs().iter();
    runs.flat_map(|run| {
        let strong = run.weight == Weight::Strong;
        run.text.chars().map(move |character| Letter { character, strong })
    })
    .collect()
}

fn kept_of(characters: &[char]) -> Vec<Stretch> {
    let mut kept = numbers(characters);
    keep_end(characters, &mut kept);
    break_solids(characters, &mut kept);
    kept
}

/// Runs of one plain text.
pub(crate) fn plain_runs(text: &str) -> Vec<TextRun> {
    runs_of(&RichText::regular(text))
}

fn joined(letters: &[Letter], kept: &[Stretch]) -> Vec<TextRun> {
    let mut out = Vec::new();
    let mut position = 0;
    for &(start, end) in kept {
        push_free(letters, (position, start), &mut out);
        push_kept(&letters[start..end], &mut out);
        position = end;
    }
    push_free(letters, (position, letters.len()), &mut out);
    out
}

/// Text that may be broken but where a rule forbids it.
fn push_free(letters: &[Letter], (start, end): Stretch, out: &mut Vec<TextRun>) {
    for index in start..end {
        let Letter { character, strong } = letters[index];
        let before = index.checked_sub(1).map(|before| letters[before].character);
        let after = letters.get(index + 1).map(|after| after.character);
        let follows_number = index == start && out.last().is_some_and(|run| run.keep);
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
        Some(last) if !last.keep && last.strong == strong => last.text.push(character),
        _ => out.push(TextRun { text: character.to_string(), strong, keep: false }),
    }
}

/// A stretch without a break; where its weight changes, a joiner holds its parts together.
fn push_kept(letters: &[Letter], out: &mut Vec<TextRun>) {
    for (index, part) in letters.chunk_by(|a, b| a.strong == b.strong).enumerate() {
        let strong = part[0].strong;
        if index > 0 {
            push(JOINER, strong, out);
        }
        let text = part.iter().map(|letter| letter.character).collect();
        out.push(TextRun { text, strong, keep: true });
    }
}

/// Keeps the last two characters together that are no marks, so that none of them stands alone on
/// the last line (孤字不成行).
fn keep_end(characters: &[char], kept: &mut Vec<Stretch>) {
    let is_word = |character: &char| character.is_alphanumeric();
    let Some(last) = characters.iter().rposition(is_word) else { return };
    let Some(before) = characters[..last].iter().rposition(is_word) else { return };
    let is_kept = kept.last().is_some_and(|&(start, end)| end > last && end - start > 1);
    let is_latin_word =
        before + 1 == last && is_latin(characters[last]) && is_latin(characters[before]);
    if is_kept || is_latin_word || characters.len() <= WIDEST {
        return;
    }
    // A word of Latin letters is not parted either.
    let parts_word =
        |&at: &usize| is_latin(characters[at]) && at > 0 && is_latin(characters[at - 1]);
    let mut start = (0..=before).rev().find(|at| !parts_word(at)).unwrap_or(before);
    let mut shared = Vec::new();
    while let Some((number, end)) = kept.pop_if(|&mut (_, end)| end > start) {
        start = start.min(number);
        shared.push((number, end));
    }
    if last + 1 - start <= WIDEST {
        kept.push((start, last + 1));
        return;
    }
    // Together they are too long to be kept: the numbers part from what they share with the end.
    let rest = shared.into_iter().rev().map(|(number, end)| (number, end.min(before)));
    kept.extend(rest.filter(|(number, end)| number < end));
    if last + 1 - before <= WIDEST {
        kept.push((before, last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::{plain_runs, runs_of};
    use crate::document::rich_text::RichText;

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
    fn no_character_ends_a_paragraph_alone() {
        assert_eq!(
            shown("有力巩固风清气正低保环境，现将自查情况报告如下。”"),
            "有力巩固风清气正低保环境，现将自查情况报告[如下]。”"
        );
    }

    #[test]
    fn what_ends_a_paragraph_alone_takes_the_character_before() {
        let cases = [
            ("其他有关工作按照要求办理的情况（一）。", "其他有关工作按照要求办理的情[况（一]）。"),
            ("其他有关工作按照要求办理的情况为3。", "其他有关工作按照要求办理的情况[为3]。"),
            ("其他有关工作按照要求办理的APP。", "其他有关工作按照要求办理的APP。"),
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
    fn a_change_of_weight_parts_neither_a_number_nor_an_end() {
        let text = RichText::parse("支出**5**万元，其他有关工作按照要求**办**理");
        let shown: Vec<_> =
            runs_of(&text).into_iter().map(|run| (run.text, run.strong, run.keep)).collect();
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
        assert_eq!(shown, expected.map(|(text, strong, keep)| (text.to_owned(), strong, keep)));
    }

    #[test]
    fn connectors_begin_no_line() {
        assert_eq!(
            shown("甲～乙·丙／丁—戊——己"),
            "甲\u{2060}～乙\u{2060}·丙\u{2060}／\u{2060}丁\u{2060}—戊——己"
        );
    }

    #[test]
    fn a_number_too_long_for_half_a_line_is_not_kept() {
        assert_eq!(shown("编号123456789012345678"), "编号123456789012345678");
    }

    #[test]
    fn what_no_line_holds_is_broken_anywhere() {
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
