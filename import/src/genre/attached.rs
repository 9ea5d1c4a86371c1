//! Attachments and issued texts after the date.

use serde_json::{Map, Value, json};

use crate::genre::blocks;
use crate::genre::closing::attachment_list;
use crate::genre::draft::Draft;
use crate::genre::forwarded;
use crate::genre::lines::clean::{clean, dense, words};
use crate::genre::lines::join::{Lines, parts};
use crate::genre::numbering::numbering;
use crate::genre::scores::points::number_text;
use crate::genre::scores::score_table;
use crate::source::piece::{Content, Piece};

/// The most lines of a title.
const TITLE_LINES: usize = 6;

/// The longest label of a cover page, and the longest text of an entry, in characters.
const COVER_LABEL: usize = 12;
const COVER_ENTRY: usize = 40;
/// Fewer lines with colons are not a cover page.
const COVER_ENTRIES: usize = 3;

/// What follows the date of a document.
#[derive(Debug, Default)]
pub struct After {
    /// The attachments as JSON.
    pub attachments: Vec<Value>,
    /// The issued texts as JSON.
    pub issued: Vec<Value>,
    /// The score tables of attachments.
    pub sheets: Vec<AttachedSheet>,
}

/// The score table of an attachment.
#[derive(Debug)]
pub struct AttachedSheet {
    /// The index of the attachment.
    pub attachment: usize,
    /// The sheet as JSON, without sections if its rows could not be read.
    pub sheet: Value,
    /// The pieces of the attachment besides the table.
    pub beside: Vec<Piece>,
    /// All pieces of the attachment.
    pub all: Vec<Piece>,
}

/// A title and the pieces below it.
struct Section {
    title: String,
    /// 发文字号 above the title of an issued text.
    number: Option<Value>,
    /// The index of the attachment of the owner; `None` is an issued text.
    attachment: Option<usize>,
    pieces: Vec<Piece>,
}

/// Reads what follows the date. `listed` are the names in the list of 附件, `issued` the names of texts
/// that the document may issue.
pub fn read(
    rest: &[Piece],
    listed: &[String],
    issued: &[String],
    lines: Lines,
    draft: &mut Draft,
) -> After {
    let mut after = After {
        attachments: listed.iter().map(|title| json!({ "title": title })).collect(),
        ..After::default()
    };
    for section in sections(rest, listed, issued, draft) {
        let Section { title, number, attachment, mut pieces } = section;
        let Some(index) = attachment else {
            let mut elements = forwarded::take(&title, &mut pieces);
            if let Some(number) = number {
                elements.insert("document_number".to_owned(), number);
            }
            let listed = attachment_list(&mut pieces);
            let blocks = blocks::blocks(parts(&pieces, lines), draft);
            if let Some(name) = numbering(&blocks, 0..0) {
                draft.set("numbering", name);
            }
            let mut text = json!({ "title": title, "body": blocks::json(&blocks) });
            for (key, value) in elements {
                text[key] = value;
            }
            if !listed.is_empty() {
                let names = listed.iter().map(|title| json!({ "title": title }));
                text["attachments"] = names.collect();
            }
            after.issued.push(text);
            continue;
        };
        let is_of_document = after.issued.is_empty();
        let owner = match after.issued.last_mut() {
            Some(text) => list_of(text),
            None => &mut after.attachments,
        };
        while owner.len() <= index {
            owner.push(json!({ "title": title }));
        }
        let attachment = &mut owner[index];
        if attachment["title"] != title.as_str() && !title.is_empty() {
            draft.problem(
                section_place(&pieces),
                format!("附件的标题“{title}”与附件说明中的名称不同，已按附件说明读入，请核对。"),
            );
            draft.unread(section_place(&pieces), &title);
        }
        // Only attachments of the document itself have covers and score sheets.
        if is_of_document {
            if let Some(cover) = take_cover(&mut pieces) {
                attachment["cover"] = cover;
            }
            if let Some(sheet) = sheet(index, &pieces, draft) {
                after.sheets.push(sheet);
                continue;
            }
            project(attachment, &pieces, draft);
        }
        fill(attachment, &pieces, lines, draft);
    }
    after
}

/// Takes the cover page of a form: lines of a label and what is filled in.
fn take_cover(pieces: &mut Vec<Piece>) -> Option<Value> {
    let text_at = |index: usize| pieces.get(index).and_then(Piece::text).map(dense);
    let (mut entries, mut taken) = (Vec::new(), 0);
    while let Some(mut text) = text_at(taken) {
        let rest = text_at(taken + 1).filter(|next| next.starts_with('：'));
        let length = 1 + usize::from(rest.is_some());
        text.extend(rest);
        let Some((label, entry)) = text.split_once('：') else { break };
        let is_entry = (2..=COVER_LABEL).contains(&label.chars().count())
            && entry.chars().count() <= COVER_ENTRY
            && !entry.contains(['。', '；', '：']);
        if !is_entry {
            break;
        }
        entries.push(json!([label, entry]));
        taken += length;
    }
    if entries.len() < COVER_ENTRIES {
        return None;
    }
    pieces.drain(..taken);
    Some(entries.into())
}

/// The attachments of an issued text.
fn list_of(text: &mut Value) -> &mut Vec<Value> {
    if !text["attachments"].is_array() {
        text["attachments"] = json!([]);
    }
    match &mut text["attachments"] {
        Value::Array(list) => list,
        _ => unreachable!("the list was made above"),
    }
}

fn section_place(pieces: &[Piece]) -> String {
    pieces.first().map(|piece| piece.place.to_string()).unwrap_or_default()
}

/// The score table of an attachment, and what is beside it.
fn sheet(attachment: usize, pieces: &[Piece], draft: &mut Draft) -> Option<AttachedSheet> {
    let found = pieces.iter().enumerate().find_map(|(index, piece)| match &piece.content {
        Content::Table(table) => Some((index, score_table::sheet(table)?)),
        Content::Text(_) => None,
    });
    if let Some((at, sheet)) = found {
        if let Content::Table(table) = &pieces[at].content {
            for column in score_table::others(table) {
                draft.unread(pieces[at].place, &column);
                draft.problem(pieces[at].place, "评分表中有一列没有读入，请核对。");
            }
        }
        let beside = pieces.iter().enumerate().filter(|(index, _)| *index != at);
        let beside = beside.map(|(_, piece)| piece.clone()).collect();
        return Some(AttachedSheet { attachment, sheet, beside, all: pieces.to_vec() });
    }
    let sheet = unread_table(pieces, draft)?;
    Some(AttachedSheet { attachment, sheet, beside: Vec::new(), all: pieces.to_vec() })
}

/// Text and tables of an attachment.
pub fn fill(attachment: &mut Value, pieces: &[Piece], lines: Lines, draft: &mut Draft) {
    let blocks = blocks::blocks(parts(pieces, lines), draft);
    if !blocks.is_empty() {
        attachment["body"] = blocks::json(&blocks).into();
    }
}

/// What a self-evaluation table of a project has in its cells.
const PROJECT: [&str; 3] = ["项目名称", "指标", "执行率"];

/// Tells that a self-evaluation table of a project is read as an ordinary table.
fn project(attachment: &Value, pieces: &[Piece], draft: &mut Draft) {
    let is_project = |piece: &&Piece| match &piece.content {
        Content::Table(table) => {
            let text = dense(&table.text());
            PROJECT.iter().all(|word| text.contains(word))
        }
        Content::Text(_) => false,
    };
    let Some(piece) = pieces.iter().find(is_project) else { return };
    let title = attachment["title"].as_str().unwrap_or_default();
    draft.problem(
        piece.place,
        format!(
            "附件“{title}”像是项目支出绩效自评表，已按普通表格读入，合并的单元格可能没有读出；\
             要核对各项得分，请改填“项目支出绩效自评表”。"
        ),
    );
}

/// A score table in columns that cannot be read: its totals alone.
fn unread_table(pieces: &[Piece], draft: &mut Draft) -> Option<Value> {
    let texts = || pieces.iter().filter_map(Piece::text);
    texts().find(|text| text.contains("扣分原因") && text.contains("分值"))?;
    let total = texts().find(|text| dense(text).starts_with("合计"))?;
    let mut points = words(total).into_iter().skip(1).filter_map(|word| number_text(&word));
    let (max, own) = (points.next()?, points.next()?);
    let place = section_place(pieces);
    draft.unread(&place, &texts().collect::<Vec<_>>().join(" "));
    draft.problem(place, "自评表的各行没有读入，请在评分表中填写。");
    Some(json!({ "sections": [], "total": { "max_points": max, "self_score": own } }))
}

/// Splits at the labels 附件 and at the titles of issued texts.
fn sections(
    rest: &[Piece],
    listed: &[String],
    issued: &[String],
    draft: &mut Draft,
) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut names = listed.to_vec();
    let mut index = 0;
    let mut next_attachment = 0;
    while let Some(piece) = rest.get(index) {
        let text = piece.text().map(dense).unwrap_or_default();
        let number = piece.text().and_then(forwarded::number_line);
        let number = number.filter(|_| title_at(&rest[index + 1..], issued).is_some());
        index += usize::from(number.is_some());
        let titled = title_at(&rest[index..], issued);
        if let Some((attachment, title)) = titled_label(&text, &names) {
            next_attachment = attachment + 1;
            let attachment = Some(attachment);
            sections.push(Section { title, number: None, attachment, pieces: Vec::new() });
            index += 1;
            continue;
        }
        if let Some(number) = label(&text) {
            let attachment = number.unwrap_or(next_attachment + 1).saturating_sub(1).min(199);
            next_attachment = attachment + 1;
            if let Some(text) = sections.last().filter(|section| section.attachment.is_none()) {
                names = names_of(text);
            }
            let known: Vec<String> = names.get(attachment).cloned().into_iter().collect();
            let found = title_at(&rest[index + 1..], &known);
            let first = rest.get(index + 1).and_then(Piece::text).map(clean);
            let (title, length) = found.unwrap_or_else(|| (first.unwrap_or_default(), 1));
            sections.push(Section {
                title,
                number: None,
                attachment: Some(attachment),
                pieces: Vec::new(),
            });
            index += 1 + length;
            continue;
        }
        if let Some((title, length)) = titled {
            index += length;
            names.clear();
            next_attachment = 0;
            sections.push(Section { title, number, attachment: None, pieces: Vec::new() });
            continue;
        }
        match sections.last_mut() {
            Some(section) => section.pieces.push(piece.clone()),
            None => match &piece.content {
                Content::Text(text) => draft.unread(piece.place, text),
                Content::Table(table) => draft.unread(piece.place, &table.text()),
            },
        }
        index += 1;
    }
    sections
}

/// The names in the list of an issued text, which are those of the attachments that follow.
fn names_of(section: &Section) -> Vec<String> {
    let mut pieces = section.pieces.clone();
    forwarded::take_closing(&mut pieces, &mut Map::new());
    attachment_list(&mut pieces)
}

/// 附件 or 附件2, also after the number of a document.
fn label(text: &str) -> Option<Option<usize>> {
    let number =
        text.strip_prefix("附件").or_else(|| text.split_once("号附件").map(|(_, rest)| rest))?;
    let number = number.trim_end_matches(['：', ':']);
    if number.is_empty() {
        return Some(None);
    }
    let is_number = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse().ok())
}

/// A label with its title on the same line, such as 附件2：值班表: the index and the title in the list.
fn titled_label(text: &str, names: &[String]) -> Option<(usize, String)> {
    let rest = text.strip_prefix("附件")?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    let title = comparable(rest[end..].trim_start_matches(['：', ':', '.', '、']));
    let index = match &rest[..end] {
        "" => names.iter().position(|name| comparable(name) == title)?,
        number => number.parse::<usize>().ok()?.checked_sub(1)?,
    };
    let name = names.get(index).filter(|name| comparable(name) == title)?;
    Some((index, name.clone()))
}

/// A title in a list that the first lines spell, and the number of these lines.
fn title_at(pieces: &[Piece], titles: &[String]) -> Option<(String, usize)> {
    let mut text = String::new();
    for (index, piece) in pieces.iter().take(TITLE_LINES).enumerate() {
        text.push_str(&comparable(piece.text()?));
        // The same title may be cited with the blank between two agencies and without it.
        let same = titles.iter().filter(|title| comparable(title) == text);
        if let Some(title) = same.max_by_key(|title| title.matches(' ').count()) {
            return Some((title.clone(), index + 1));
        }
    }
    None
}

fn comparable(text: &str) -> String {
    clean(&dense(text)).replace('〈', "《").replace('〉', "》")
}
