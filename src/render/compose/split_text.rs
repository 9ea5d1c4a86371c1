//! Splits the text of a cell, so that its end moves to the next page with the closing (B-18).

use crate::render::page_data::text::TextRun;

/// Punctuation after which a text is best split.
const PAUSES: &str = "。；，、：！？";
/// Opening punctuation, which may not end a page.
const OPENING: &str = "“‘（〔【《〈";
/// Characters that may not begin a page.
const NO_START: &str = "，。、；：？！”’）〕】》〉…—\u{2060}";

/// Penalties, in characters of distance from the preferred position.
const NO_PAUSE: usize = 40;
const LAST_RESORT: usize = 10_000;

/// Splits a text after about two thirds. If it cannot be split, the second part is empty.
pub(crate) fn split_text(runs: Vec<TextRun>) -> (Vec<TextRun>, Vec<TextRun>) {
    let target = runs.iter().map(|run| run.text.chars().count()).sum::<usize>() * 2 / 3;
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
    let Some((_, index, offset)) = best else { return (runs, Vec::new()) };
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
        let (head, tail) = split_text(plain_runs(text));
        let text_of =
            |runs: &[TextRun]| -> String { runs.iter().map(|run| run.text.as_str()).collect() };
        assert_eq!(text_of(&tail), "资金全部发放到户，公示无异议。");
        assert_eq!([text_of(&head), text_of(&tail)].concat(), text);
        assert_eq!(split_text(plain_runs("是")).1, []);
    }
}
