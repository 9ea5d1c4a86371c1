//! Splits the text of a cell, so that its end moves to the next page with the closing (B-18).

use crate::render::page_data::text::TextRun;
use crate::render::table_cells::cell_text::LINE_END;

/// Punctuation after which a text is best split.
const PAUSES: &str = "。；，、：！？";
/// Opening punctuation, which may not end a page.
const OPENING: &str = "“‘（〔【《〈";
/// Characters that may not begin a page.
const NO_START: &str = "，。、；：？！”’）〕】》〉…—\u{2060}";

/// Penalties, in characters of distance from the preferred position.
const NO_PAUSE: usize = 40;
const LAST_RESORT: usize = 10_000;

/// Splits a text. The second part is about a third of it at step 0 and half as long at each further
/// step, or empty if the text cannot be split.
pub(crate) fn split_text(runs: Vec<TextRun>, step: usize) -> (Vec<TextRun>, Vec<TextRun>) {
    if runs.iter().any(|run| run.text.contains(LINE_END)) {
        return split_lines(runs, step);
    }
    let length: usize = runs.iter().map(|run| run.text.chars().count()).sum();
    let target = length - length.div_ceil(3 << step);
    let mut best: Option<(usize, usize, usize)> = None;
    let mut position = 0_usize;
    for (index, run) in runs.iter().enumerate() {
        let mut before: Option<char> = None;
        for (offset, after) in run.text.char_indices() {
            if let Some(before) = before.filter(|_| !run.unbreakable && !NO_START.contains(after)) {
                let cost = position.abs_diff(target) + penalty(before, after);
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, index, offset));
                }
            }
            before = Some(after);
            position += 1;
        }
    }
    match best {
        Some((_, index, offset)) => split_at(runs, index, offset),
        None => (runs, Vec::new()),
    }
}

/// Splits a text of several lines between two of them.
fn split_lines(runs: Vec<TextRun>, step: usize) -> (Vec<TextRun>, Vec<TextRun>) {
    let ends: Vec<(usize, usize)> = runs
        .iter()
        .enumerate()
        .flat_map(|(index, run)| run.text.match_indices(LINE_END).map(move |(at, _)| (index, at)))
        .collect();
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let is_lone = |line: &str| line.chars().filter(|c| c.is_alphanumeric()).count() < 2;
    let lone: Vec<bool> = text.split(LINE_END).map(is_lone).collect();
    let preferred = ends.len() - (ends.len() + 1).div_ceil(3 << step);
    // The first part does not end with a lone character, if another line can end it.
    let is_whole = |line: &usize| !lone[*line];
    let last = (0..=preferred).rev().find(is_whole);
    let last = last.or_else(|| (preferred..ends.len()).find(is_whole)).unwrap_or(preferred);
    let (index, offset) = ends[last];
    let (head, mut tail) = split_at(runs, index, offset);
    // The page break replaces the line end.
    tail[0].text.remove(0);
    (head, tail)
}

fn split_at(runs: Vec<TextRun>, index: usize, offset: usize) -> (Vec<TextRun>, Vec<TextRun>) {
    let mut head = runs;
    let mut tail = head.split_off(index);
    let rest = tail[0].text.split_off(offset);
    let first = TextRun { text: rest, ..tail[0].clone() };
    head.push(std::mem::replace(&mut tail[0], first));
    (head, tail)
}

/// The penalty of a split between two characters.
fn penalty(before: char, after: char) -> usize {
    match (before, after) {
        _ if PAUSES.contains(before) => 0,
        _ if before.is_ascii() || after.is_ascii() || OPENING.contains(before) => LAST_RESORT,
        _ => NO_PAUSE,
    }
}

#[cfg(test)]
mod tests {
    use super::split_text;
    use crate::render::page_data::text::TextRun;
    use crate::render::unbreakable::plain_runs;

    #[test]
    fn a_text_is_split_after_punctuation() {
        let text =
            "按规定发放补助资金3910.35万元，惠及困难群众2000户。资金全部发放到户，公示无异议。";
        let (head, tail) = split_text(plain_runs(text), 0);
        let text_of =
            |runs: &[TextRun]| -> String { runs.iter().map(|run| run.text.as_str()).collect() };
        assert_eq!(text_of(&tail), "资金全部发放到户，公示无异议。");
        assert_eq!([text_of(&head), text_of(&tail)].concat(), text);
        assert_eq!(split_text(plain_runs("是"), 0).1, []);
    }

    #[test]
    fn a_text_of_several_lines_is_split_between_them() {
        let parts = |text: &str, step| {
            let run = TextRun { text: text.to_owned(), strong: false, unbreakable: false };
            let (head, tail) = split_text(vec![run], step);
            [head, tail].map(|runs| runs.into_iter().map(|run| run.text).collect::<String>())
        };
        let text = "按规定发放\n补助资金\n3910.35万元\n惠及群众";
        assert_eq!(parts(text, 0), ["按规定发放\n补助资金", "3910.35万元\n惠及群众"]);
        assert_eq!(parts(text, 2), ["按规定发放\n补助资金\n3910.35万元", "惠及群众"]);
        // No page ends with a lone character of a cell.
        assert_eq!(parts("发放资金\n“‘的\n56925户’”", 0), ["发放资金", "“‘的\n56925户’”"]);
        assert_eq!(parts("一\n二\n三三\n四四", 1), ["一\n二\n三三", "四四"]);
        assert_eq!(parts("一\n二二\n三三", 0), ["一\n二二", "三三"]);
    }
}
