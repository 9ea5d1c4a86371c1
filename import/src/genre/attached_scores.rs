//! Decides which score table of an attachment is the score sheet of the document, and keeps the others.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::genre::attached::{AttachedSheet, fill};
use crate::genre::draft::Draft;
use crate::genre::lines::join::Lines;
use crate::genre::scores::wording::Totals;
use crate::source::piece::{Content, Piece};

/// The lists of parts of an entry.
const PARTS: [&str; 4] = ["sections", "groups", "indicators", "items"];

/// Places the score tables of attachments. `scores` is the sheet of the text, if it has one; the table that
/// equals it is generated from it. Without one, the first table becomes the sheet of the document, which is
/// returned. All others stay as they are in their attachments.
pub fn place(
    sheets: Vec<AttachedSheet>,
    attachments: &mut [Value],
    scores: Option<&mut Value>,
    lines: Lines,
    draft: &mut Draft,
) -> Option<Value> {
    let mut scores = scores;
    let mut main = None;
    let mut is_taken = false;
    for AttachedSheet { attachment, sheet, beside, all } in sheets {
        let attachment = &mut attachments[attachment];
        let title = attachment["title"].as_str().unwrap_or_default().to_owned();
        let is_read = sheet["sections"].as_array().is_some_and(|sections| !sections.is_empty());
        let is_main = !is_taken && scores.as_ref().is_none_or(|scores| is_same(scores, &sheet));
        if is_main {
            is_taken = true;
            attachment["score_table"] = true.into();
            unread(&title, &beside, draft);
            match &mut scores {
                Some(scores) => with_reasons(scores, &sheet),
                None => main = Some(sheet),
            }
            continue;
        }
        if scores.is_some() {
            draft.remark(format!(
                "附件“{title}”中的评分表与正文的得分不一致，已照原样保留在附件中，请核对。"
            ));
        }
        if is_read && (beside.is_empty() || scores.is_none()) {
            attachment["scores"] = sheet;
            unread(&title, &beside, draft);
        } else if is_read {
            fill(attachment, &all, lines, draft);
        }
    }
    main
}

/// The totals that the text may repeat.
pub fn totals(scores: &Value, attachments: &[Value]) -> Totals {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut own = vec![("total".to_owned(), text(&scores["total"]["self_score"]))];
    let mut titles = Vec::new();
    add_titles(scores, &mut titles);
    for (index, attachment) in attachments.iter().enumerate() {
        let Some(sheet) = attachment.get("scores") else { continue };
        let name = format!("attachment.{}", index + 1);
        own.push((name, text(&sheet["total"]["self_score"])));
        add_titles(sheet, &mut titles);
    }
    let max = (own.len() == 1).then(|| text(&scores["total"]["max_points"]));
    Totals { own, max, titles }
}

/// The shortest title of an entry that a text names, in characters.
const NAMED: usize = 4;

fn add_titles(entry: &Value, titles: &mut Vec<String>) {
    for part in parts(entry) {
        let title = part["title"].as_str().unwrap_or_default();
        if title.chars().count() >= NAMED {
            titles.push(title.to_owned());
        }
        add_titles(part, titles);
    }
}

/// Reports what is beside a score table, which has no place in the submission.
fn unread(title: &str, beside: &[Piece], draft: &mut Draft) {
    for piece in beside {
        match &piece.content {
            Content::Text(text) => draft.unread(piece.place, text),
            Content::Table(table) => draft.unread(piece.place, &table.text()),
        }
    }
    if !beside.is_empty() {
        draft.remark(format!("附件“{title}”中评分表以外的内容没有读入，请核对。"));
    }
}

/// Whether two sheets have the same entries and totals. The points above an entry that does not apply follow
/// from rules that a table does not tell, so those of entries without parts decide.
fn is_same(scores: &Value, table: &Value) -> bool {
    let sum = |scores: &Value, key: &str| points(&scores["total"][key]);
    let total = ["max_points", "self_score"].iter().all(|key| sum(scores, key) == sum(table, key));
    let is_unread = parts(table).is_empty();
    total && (is_unread || has_same_parts(scores, table))
}

fn has_same_parts(entry: &Value, other: &Value) -> bool {
    let (parts, others) = (parts(entry), parts(other));
    let points = |key: &str| points(&entry[key]) == points(&other[key]);
    if parts.is_empty() && others.is_empty() {
        return points("max_points") && points("self_score");
    }
    parts.len() == others.len()
        && parts
            .iter()
            .zip(others)
            .all(|(part, other)| title(part) == title(other) && has_same_parts(part, other))
}

fn parts(entry: &Value) -> Vec<&Value> {
    PARTS.iter().filter_map(|key| entry.get(key)?.as_array()).flatten().collect()
}

fn title(entry: &Value) -> String {
    let title = entry["title"].as_str().unwrap_or_default();
    title.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn points(value: &Value) -> Result<Decimal, String> {
    let text = value.as_str().unwrap_or_default();
    text.parse().map_err(|_| text.to_owned())
}

/// Adds reasons and evidence of a table to the entries of the same titles.
fn with_reasons(scores: &mut Value, table: &Value) {
    for key in PARTS {
        let Some(of_table) = table.get(key).and_then(Value::as_array) else { continue };
        let Some(entries) = scores.get_mut(key).and_then(Value::as_array_mut) else { continue };
        for entry in entries {
            let same = |other: &&Value| title(other) == title(entry);
            let Some(found) = of_table.iter().find(same).cloned() else { continue };
            for key in ["reason", "evidence"] {
                if let Some(value) = found.get(key) {
                    entry[key] = value.clone();
                }
            }
            with_reasons(entry, &found);
        }
    }
}
