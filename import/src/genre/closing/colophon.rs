//! 版记: 抄送, 抄报, 主送, 印发机关 and 印发日期, and 主题词 of older documents.

use serde_json::Value;

use crate::genre::draft::{Draft, date};
use crate::genre::lines::clean::{clean, dense};
use crate::genre::masthead::recipients::recipient_names;
use crate::source::piece::Piece;

/// The most lines of 版记.
const COLOPHON: usize = 40;

/// What the lists begin with.
const LABELS: [&str; 4] = ["抄送", "抄报", "分送", "主送"];

/// 印发机关 and 印发日期, and the pieces that they take.
struct Printed {
    first: usize,
    last: usize,
    office: String,
    date: String,
}

/// Reads 版记 and removes its pieces. What follows it stays.
pub fn read(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    let start = pieces.len().saturating_sub(COLOPHON);
    let printed = printed(pieces, start);
    let end = printed.as_ref().map_or(pieces.len(), |printed| printed.first);
    let is_closed = printed.is_some();
    if let Some(printed) = printed {
        draft.set("printing_office", printed.office);
        draft.set("printing_date", printed.date);
        pieces.drain(printed.first..=printed.last);
    }
    let end = lists(pieces, start, end, is_closed, draft);
    subject_words(pieces, start, end, draft);
}

fn printed(pieces: &[Piece], start: usize) -> Option<Printed> {
    (start..pieces.len()).rev().find_map(|index| {
        let text = dense(pieces[index].text()?);
        let text = text.strip_suffix("印发")?.to_owned();
        let year = text.match_indices('年').map(|(at, _)| at).next_back()?;
        let at = text.get(..year)?.char_indices().rev().nth(3)?.0;
        let date = date(&text[at..])?;
        let office = text[..at].to_owned();
        let above = index.checked_sub(1).filter(|above| office.is_empty() && *above >= start);
        let text_above = above.and_then(|above| Some((above, dense(pieces[above].text()?))));
        Some(match text_above {
            Some((first, office)) => Printed { first, last: index, office, date },
            None => Printed { first: index, last: index, office, date },
        })
    })
}

/// The label at the beginning of a list, and the names after it.
fn labelled(text: &str) -> Option<(&'static str, &str)> {
    LABELS.into_iter().find_map(|label| {
        let rest = text.strip_prefix(label)?;
        Some((label, rest.strip_prefix(['：', ':'])?))
    })
}

/// Reads the lists before `end`. Returns where 版记 now begins.
fn lists(
    pieces: &mut Vec<Piece>,
    start: usize,
    end: usize,
    is_closed: bool,
    draft: &mut Draft,
) -> usize {
    let text = |piece: &Piece| piece.text().map(clean);
    let is_first = |piece: &Piece| text(piece).is_some_and(|text| labelled(&text).is_some());
    let Some(first) = (start..end).find(|index| is_first(&pieces[*index])) else { return end };
    let mut lists: Vec<(&str, String)> = Vec::new();
    let mut last = first;
    for piece in &pieces[first..end] {
        let Some(text) = text(piece) else { break };
        if let Some((label, names)) = labelled(&text) {
            lists.push((label, names.to_owned()));
        } else if let Some((_, names)) = lists.last_mut() {
            // A list goes on below its full stop only above 印发.
            let is_open = !names.ends_with('。');
            let goes_on = is_open || is_closed && text.ends_with('。');
            if !goes_on {
                break;
            }
            names.push_str(&text);
        }
        last += 1;
    }
    pieces.drain(first..last);
    if lists.iter().any(|(label, _)| *label == "抄报") && lists.iter().any(|(l, _)| *l == "抄送")
    {
        draft.remark("抄报机关已并入抄送机关，请核对。");
    }
    for (label, names) in lists {
        let key = if label == "主送" { "primary_recipients" } else { "copy_recipients" };
        let mut all: Vec<Value> =
            draft.document.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let names = names.trim_end_matches('。').replace('。', "，");
        all.extend(recipient_names(&names));
        draft.set(key, all);
    }
    first
}

/// 主题词 above the lists: documents have had none since 2012.
fn subject_words(pieces: &mut Vec<Piece>, start: usize, end: usize, draft: &mut Draft) {
    let end = end.min(pieces.len());
    let found = (start.min(end)..end).rev().find(|index| {
        let text = pieces[*index].text().map(dense);
        text.is_some_and(|text| text.starts_with("主题词：") || text.starts_with("主题词:"))
    });
    let Some(index) = found else { return };
    let piece = pieces.remove(index);
    draft.unread(piece.place, piece.text().unwrap_or_default());
    draft.problem(piece.place, "现行公文格式没有主题词，这一行没有读入。");
}
