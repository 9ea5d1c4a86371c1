//! Where the text of a cell is parted, so that its end goes with what follows the table (B-18).

use crate::render::page_data::text::TextRun;

/// Marks behind which a text is best parted.
const PAUSES: &str = "。；，、：！？";
/// Marks that begin no side.
const CLOSING: &str = "，。、；：？！”’）〕】》〉…—\u{2060}";

/// The text and its end, of a third or so; where nothing parts it, all and nothing.
pub(crate) fn parted(runs: Vec<TextRun>) -> (Vec<TextRun>, Vec<TextRun>) {
    let target = runs.iter().map(|run| run.text.chars().count()).sum::<usize>() * 2 / 3;
    let mut best: Option<(usize, usize, usize)> = None;
    let mut position = 0_usize;
    for (index, run) in runs.iter().enumerate() {
        let mut before: Option<char> = None;
        for (at, after) in run.text.char_indices() {
            if let Some(before) = before.filter(|_| !run.keep && !CLOSING.contains(after)) {
                let cost = position.abs_diff(target) + worse(before, after);
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, index, at));
                }
            }
            before = Some(after);
            position += 1;
        }
    }
    let Some((_, index, at)) = best else { return (runs, Vec::new()) };
    let mut head = runs;
    let mut tail = head.split_off(index);
    let rest = tail[0].text.split_off(at);
    head.push(TextRun { text: rest, ..tail[0].clone() });
    let first = std::mem::replace(&mut tail[0], head.remove(index));
    head.push(first);
    (head, tail)
}

/// What it costs to part two characters, in characters away from the best place.
fn worse(before: char, after: char) -> usize {
    match (before, after) {
        _ if PAUSES.contains(before) => 0,
        _ if before.is_ascii() || after.is_ascii() || "“‘（〔【《〈".contains(before) => {
            10_000
        }
        _ => 40,
    }
}

#[cfg(test)]
mod tests {
    use super::parted;
    use crate::render::unbreakable::plain_runs;

    #[test]
    fn a_text_is_parted_behind_a_pause() {
        let text =
            "按规定发放补助资金3910.35万元，惠及困难群众2000户。资金全部发放到户，公示无异议。";
        let (head, tail) = parted(plain_runs(text));
        let text_of = |runs: &[crate::render::page_data::text::TextRun]| -> String {
            runs.iter().map(|run| run.text.as_str()).collect()
        };
        assert_eq!(text_of(&tail), "资金全部发放到户，公示无异议。");
        assert_eq!([text_of(&head), text_of(&tail)].concat(), text);
        assert_eq!(parted(plain_runs("是")).1, []);
    }
}
