//! Understands the lines of a finished document by the patterns of the genre.

mod agency;
mod attached;
mod attached_scores;
mod blocks;
mod closing;
mod draft;
mod forwarded;
mod layout_tables;
mod lines;
mod masthead;
mod number;
mod numbering;
mod scores;
mod tables;
mod unplaced;

use hongtou_rules::fix::fix;
use serde_json::{Map, Value, json};

use crate::genre::blocks::Block;
use crate::genre::draft::Draft;
use crate::genre::lines::join::{Lines, parts};
use crate::genre::scores::wording::{self, Totals};
use crate::genre::scores::{points, sheet};
use crate::report::{Import, Unread};
use crate::source::kind::FileKind;
use crate::source::piece::Piece;

/// Reads the pieces of a document.
pub fn read(kind: FileKind, pieces: &[Piece]) -> Import {
    let mut draft = Draft::default();
    let pieces = &*layout_tables::with_lines(pieces);
    let lines = Lines::of(pieces);
    let taken = masthead::read(pieces, &mut draft);
    let split = closing::read(&pieces[taken..], &mut draft);
    let blocks = blocks::blocks(parts(&split.body, lines), &mut draft);
    let issued = issued_names(&draft, &blocks);
    let mut after = attached::read(&split.rest, &split.attachments, &issued, lines, &mut draft);
    let mut submission = Map::new();
    let range = sheet::range(&blocks);
    if let Some(name) = numbering::numbering(&blocks, range.clone().unwrap_or(0..0)) {
        draft.set("numbering", name);
    }
    let mut of_text = range.clone().map(|range| sheet::sheet(&blocks[range], &mut draft));
    let sheets = std::mem::take(&mut after.sheets);
    let attachments = &mut after.attachments;
    let of_table = attached_scores::place(sheets, attachments, of_text.as_mut(), lines, &mut draft);
    let of_table = of_table.map(|mut table| {
        table["placement"] = "attachment".into();
        table
    });
    match of_text.or(of_table) {
        Some(scores) => {
            let range = range.unwrap_or(blocks.len()..blocks.len());
            let totals = attached_scores::totals(&scores, &after.attachments);
            text_around(&mut submission, &blocks, range, &totals);
            submission.insert("scores".to_owned(), scores);
        }
        None => drop(submission.insert("body".to_owned(), blocks::json(&blocks).into())),
    }
    if !after.attachments.is_empty() {
        draft.set("attachments", after.attachments);
    }
    match after.issued.len() {
        0 => {}
        1 => drop(submission.insert("issued".to_owned(), after.issued[0].clone())),
        _ => drop(submission.insert("issued".to_owned(), after.issued.into())),
    }
    completed(&mut draft);
    submission.insert("document".to_owned(), Value::Object(std::mem::take(&mut draft.document)));
    let submission = Value::Object(submission);
    unplaced::report(pieces, &submission, &mut draft);
    let unread = draft.unread.iter().flat_map(|(place, text)| Unread::parts(place, text)).collect();
    Import { kind, submission: mended(submission), unread, problems: draft.problems }
}

/// The text before and after the sheet.
fn text_around(
    submission: &mut Map<String, Value>,
    blocks: &[Block],
    range: std::ops::Range<usize>,
    totals: &Totals,
) {
    let with_totals = |mut block: Value| {
        match &mut block {
            Value::String(text) => *text = wording::with_totals(text, totals),
            Value::Object(block) => {
                if let Some(Value::String(text)) = block.get_mut("paragraph") {
                    *text = wording::with_totals(text, totals);
                }
            }
            _ => {}
        }
        block
    };
    for (key, blocks) in [("opening", &blocks[..range.start]), ("closing", &blocks[range.end..])] {
        if !blocks.is_empty() {
            let json = blocks::json(blocks).into_iter().map(with_totals);
            submission.insert(key.to_owned(), json.collect());
        }
    }
}

/// The names of texts that the document may issue: those in 《》 in its title and first paragraphs.
fn issued_names(draft: &Draft, blocks: &[Block]) -> Vec<String> {
    let title = draft.text("title").unwrap_or_default().to_owned();
    let texts = blocks.iter().take(3).filter_map(|block| match block {
        Block::Paragraph(_, text) => Some(text.clone()),
        _ => None,
    });
    let mut names = Vec::new();
    for text in std::iter::once(title).chain(texts) {
        let mut depth = 0_usize;
        let mut start = 0;
        for (index, c) in text.char_indices() {
            match c {
                '《' => {
                    if depth == 0 {
                        start = index + c.len_utf8();
                    }
                    depth += 1;
                }
                '》' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        let name = text[start..index].replace('〈', "《").replace('〉', "》");
                        names.push(name);
                    }
                }
                _ => {}
            }
        }
    }
    names
}

/// Fills what every document has, and reports what staff must fill in.
fn completed(draft: &mut Draft) {
    if draft.issuers.is_empty() {
        let names = draft.document.get("sign_off").and_then(Value::as_array).cloned();
        draft.issuers =
            names.iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let signed: Vec<String> = draft
        .document
        .get("sign_off")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    if signed.len() > draft.issuers.len() && draft.issuers.first() == signed.first() {
        let suffix = draft.document.remove("issuer_mark");
        let mut mark = json!({ "issuers": "lead" });
        if let Some(suffix) = suffix.and_then(|mark| mark.get("suffix").cloned()) {
            mark["suffix"] = suffix;
        }
        if draft.text("form") != Some("letter") {
            draft.set("issuer_mark", mark);
        }
        draft.issuers = signed;
    }
    if draft.issuers.is_empty() {
        draft.remark("没有找到发文机关，请填写。");
    }
    draft.set("issuers", draft.issuers.clone());
    let is_signed = !matches!(draft.text("document_kind"), Some("决议" | "公报" | "纪要"));
    if is_signed && !draft.document.contains_key("sign_off") && !draft.issuers.is_empty() {
        draft.set("sign_off", draft.issuers.clone());
        draft.remark("没有找到发文机关署名，已用发文机关代替，请核对。");
    }
    if !draft.document.contains_key("document_date") {
        match draft.document.get("printing_date").cloned() {
            Some(date) => {
                draft.set("document_date", date);
                draft.remark("没有找到成文日期，已用印发日期代替，请核对。");
            }
            None => {
                draft.set("document_date", "");
                draft.remark("没有找到成文日期，请填写。");
            }
        }
    }
    number(draft);
    if !draft.document.contains_key("title") {
        let kind = draft.text("document_kind").unwrap_or_default();
        let title = format!("{}{kind}", draft.issuers.concat());
        draft.set("title", title);
    }
}

/// The year and 机关代字, which some documents do not print.
fn number(draft: &mut Draft) {
    let year = draft.text("document_date").and_then(|date| date.get(..4)?.parse::<i64>().ok());
    let mut number = draft
        .document
        .remove("document_number")
        .unwrap_or_else(|| json!({ "agency_code": "", "serial": 1 }));
    if number.get("year").is_none() {
        number["year"] = year.unwrap_or(2000).into();
    }
    if number["agency_code"] == "" {
        draft.remark("文中没有机关代字，请填写。");
    }
    draft.set("document_number", number);
}

/// The submission with the typing errors mended that allow no doubt.
fn mended(submission: Value) -> Value {
    let text = submission.to_string();
    fix(text.as_bytes())
        .ok()
        .and_then(|fixed| serde_json::from_str(&fixed.text).ok())
        .unwrap_or(submission)
}

/// A title with the points of its components: name, maximum points and self score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitTitle {
    /// The title without points.
    pub title: String,
    /// The components.
    pub components: Vec<(String, String, String)>,
}

/// Splits a title such as 救助对象（6分）和社会公众（3分）的满意程度.
pub fn split_title(text: &str) -> SplitTitle {
    let split = points::split(text);
    let component = |(name, points): (String, points::Printed)| {
        let max = points.max.clone().or_else(|| points.own.clone()).unwrap_or_default();
        (name, max.clone(), points.own.unwrap_or(max))
    };
    let components = split.components.into_iter().map(component).collect::<Vec<_>>();
    let title = if components.is_empty() { text.to_owned() } else { split.title };
    SplitTitle { title, components }
}
