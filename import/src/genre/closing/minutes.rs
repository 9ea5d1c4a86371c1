//! 主持, 出席, 请假, 列席 and 记录 of minutes.

use serde_json::{Value, json};

use crate::genre::draft::Draft;
use crate::genre::lines::clean::clean;
use crate::genre::masthead::recipients::entries;
use crate::source::piece::Piece;

const LABELS: [(&str, &str); 7] = [
    ("主持", "chair"),
    ("出席", "present"),
    ("参加", "present"),
    ("请假", "absent"),
    ("缺席", "absent"),
    ("列席", "observers"),
    ("记录", "recorder"),
];

/// Takes the lists out of the text, if one says who was present. Lines with other labels stay in the text.
pub fn attendance(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    let says_present = |piece: &Piece| {
        let text = piece.text().map(clean).unwrap_or_default();
        labelled(&text).is_some_and(|(key, _)| key == "present")
    };
    if draft.text("form") != Some("minutes") || !pieces.iter().any(says_present) {
        return;
    }
    let mut lists: Vec<(&str, String)> = Vec::new();
    let mut is_open = false;
    pieces.retain(|piece| {
        let text = piece.text().map(clean).unwrap_or_default();
        if let Some((key, names)) = labelled(&text) {
            is_open = !names.ends_with('。');
            lists.push((key, names.to_owned()));
            return false;
        }
        let is_cut = lists.last().is_some_and(|(_, names)| names.ends_with(['、', '，']));
        let is_list = is_open && (is_cut || is_names(&text));
        is_open = is_list && !text.ends_with('。');
        if let (true, Some((_, names))) = (is_list, lists.last_mut()) {
            names.push_str(&text);
        }
        !is_list
    });
    let mut attendance = json!({ "present": [] });
    for (key, list) in lists {
        let mut names = attendance[key].as_array().cloned().unwrap_or_default();
        names.extend(split(list.trim_end_matches('。')));
        attendance[key] = names.into();
    }
    draft.set("attendance", attendance);
}

fn labelled(text: &str) -> Option<(&'static str, &str)> {
    LABELS.into_iter().find_map(|(label, key)| {
        let rest = text.strip_prefix(label)?;
        let rest =
            ["人员", "单位", "人"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        Some((key, rest.strip_prefix('：')?))
    })
}

/// Whether a line continues a list of names.
fn is_names(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['：', '；', '！', '？'])
        && !text.trim_end_matches('。').contains('。')
        && text.contains(['、', '，', '　'])
}

/// The names; those in brackets belong to the name before them.
fn split(list: &str) -> Vec<Value> {
    let has_marks = list.contains(['、', '，', '；']);
    entries(list, if has_marks { &['、', '，', '；'] } else { &['　', ' '] })
}
