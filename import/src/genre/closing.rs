//! Splits the rest of a document: 版记, 署名 and 成文日期, 附注, the list of 附件, the attachments and the
//! issued texts.

use serde_json::{Value, json};

use crate::genre::draft::{Draft, date};
use crate::genre::lines::clean::{clean, dense, is_page_number, words};
use crate::genre::masthead::recipient_names;
use crate::source::piece::Piece;

/// The document without its masthead, in parts.
#[derive(Debug, Default)]
pub struct Parts {
    /// The text of the document.
    pub body: Vec<Piece>,
    /// The names in the list of 附件.
    pub attachments: Vec<String>,
    /// What follows the date: attachments and issued texts.
    pub rest: Vec<Piece>,
}

/// The most lines of 版记.
const COLOPHON: usize = 40;

/// The most lines of the sign-off.
const SIGN_OFF: usize = 16;

/// Splits the pieces after the masthead and reads what is not text.
pub fn read(pieces: &[Piece], draft: &mut Draft) -> Parts {
    let mut pieces: Vec<Piece> = pieces
        .iter()
        .filter(|piece| piece.text().is_none_or(|text| !is_page_number(text)))
        .cloned()
        .collect();
    colophon(&mut pieces, draft);
    let dated = pieces.iter().position(|piece| date_of(piece).is_some());
    let end = dated.unwrap_or(pieces.len());
    let rest = dated.map(|dated| pieces.split_off(dated + 1)).unwrap_or_default();
    if let Some(date) = dated.and_then(|dated| date_of(&pieces[dated])) {
        draft.set("document_date", date);
        pieces.truncate(end);
        sign_off(&mut pieces, draft);
    }
    let rest = annotations(rest, draft);
    attendance(&mut pieces, draft);
    let attachments = attachment_list(&mut pieces);
    Parts { body: pieces, attachments, rest }
}

fn date_of(piece: &Piece) -> Option<String> {
    date(&dense(piece.text()?))
}

/// 抄送, 印发机关 and 印发日期 at the end.
fn colophon(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    let start = pieces.len().saturating_sub(COLOPHON);
    let printed = (start..pieces.len()).rev().find_map(|index| {
        let text = dense(pieces[index].text()?);
        let text = text.strip_suffix("印发")?.to_owned();
        let year = text.match_indices('年').map(|(at, _)| at).next_back()?;
        let at = text.get(..year)?.char_indices().rev().nth(3)?.0;
        Some((index, text[..at].to_owned(), date(&text[at..])?))
    });
    let mut end = pieces.len();
    if let Some((index, office, date)) = printed {
        end = index;
        let mut office = office;
        if office.is_empty()
            && let Some(before) = index.checked_sub(1).and_then(|before| pieces[before].text())
        {
            office = dense(before);
            end = index - 1;
        }
        draft.set("printing_office", office);
        draft.set("printing_date", date);
    }
    let is_copies = |piece: &Piece| {
        piece.text().map(dense).is_some_and(|text| {
            ["抄送：", "抄送:", "主送：", "主送:", "抄报：", "抄报:"]
                .iter()
                .any(|label| text.starts_with(label))
        })
    };
    let first = (start..end).find(|index| is_copies(&pieces[*index]));
    if let Some(first) = first {
        let mut lists: Vec<String> = Vec::new();
        for piece in &pieces[first..end] {
            let text = piece.text().map(clean).unwrap_or_default();
            match lists.last_mut() {
                Some(list) if !is_copies(piece) => list.push_str(&text),
                _ => lists.push(text),
            }
        }
        for list in lists {
            let (label, names) = list.split_once('：').unwrap_or_default();
            let names = recipient_names(names.trim_end_matches('。'));
            draft
                .set(if label == "主送" { "primary_recipients" } else { "copy_recipients" }, names);
        }
        end = first;
    }
    pieces.truncate(end.min(pieces.len()));
}

/// 署名 and 职务 above the date.
fn sign_off(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    let mut names: Vec<String> = Vec::new();
    let mut positions: Vec<String> = Vec::new();
    let mut start = pieces.len();
    while let Some(text) = start.checked_sub(1).and_then(|index| pieces[index].text()) {
        let line = dense(text);
        if pieces.len() - start >= SIGN_OFF || !is_sign_off(&line, draft) {
            break;
        }
        if is_position(&line) {
            positions.insert(0, line);
        } else {
            let mut of_line = words(text);
            of_line.append(&mut names);
            names = of_line;
        }
        start -= 1;
    }
    let has_lines = start < pieces.len();
    pieces.truncate(start);
    if !positions.is_empty() {
        draft.set("seal", "signature_stamp");
        draft.set("sign_off_positions", positions);
    }
    let all: String = names.concat();
    let known = draft.issuers.iter().all(|issuer| all.contains(issuer.as_str()));
    if names.is_empty() || (known && !draft.issuers.is_empty()) {
        if has_lines {
            draft.set("sign_off", draft.issuers.clone());
        }
        if names.len() > draft.issuers.len() && names.iter().all(|name| name.chars().count() > 3) {
            draft.set("sign_off", names);
        }
        return;
    }
    draft.set("sign_off", names);
}

const POSITIONS: [&str; 14] = [
    "省长", "市长", "州长", "县长", "区长", "乡长", "镇长", "局长", "厅长", "部长", "主任", "主席",
    "院长", "盟长",
];

fn is_position(line: &str) -> bool {
    POSITIONS.contains(&line.trim_start_matches('代').trim_start_matches('副'))
}

fn is_sign_off(line: &str, draft: &Draft) -> bool {
    const ENDS: &str = "局厅部委会府院室处科办心所站社队团校司署组联盟行关";
    let length = line.chars().count();
    let is_name = (3..=60).contains(&length)
        && !line.contains(['。', '：', '；', '，', '、', '.'])
        && !line.starts_with("附件");
    let is_known =
        draft.issuers.iter().any(|name| line.contains(name.as_str()) || name.contains(line));
    is_position(line) || (is_name && (is_known || line.ends_with(|c| ENDS.contains(c))))
}

/// 附注 below the date. Returns the other pieces.
fn annotations(rest: Vec<Piece>, draft: &mut Draft) -> Vec<Piece> {
    let mut found: Vec<String> = Vec::new();
    let mut taken = 0;
    let mut open = String::new();
    for piece in &rest {
        let Some(text) = piece.text().map(clean) else { break };
        if open.is_empty() && !text.starts_with('（') {
            break;
        }
        open.push_str(&text);
        taken += 1;
        if let Some(inside) = open.strip_prefix('（').and_then(|text| text.strip_suffix('）')) {
            found.push(inside.to_owned());
            open.clear();
        } else if open.chars().count() > 200 {
            break;
        }
    }
    if !open.is_empty() {
        return rest;
    }
    match found.len() {
        0 => {}
        1 => draft.set("annotation", found.remove(0)),
        _ => draft.set("annotation", found),
    }
    rest.into_iter().skip(taken).collect()
}

/// 出席, 请假 and 列席 of minutes.
fn attendance(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    if draft.text("form") != Some("minutes") {
        return;
    }
    let label = |text: &str| {
        [("出席：", "present"), ("请假：", "absent"), ("列席：", "observers")]
            .into_iter()
            .find_map(|(label, key)| Some((key, text.strip_prefix(label)?.to_owned())))
    };
    let is_first =
        |piece: &Piece| piece.text().map(clean).is_some_and(|text| label(&text).is_some());
    let Some(first) = pieces.iter().position(is_first) else { return };
    let mut lists: Vec<(&str, String)> = Vec::new();
    for text in pieces[first..].iter().filter_map(|piece| piece.text().map(clean)) {
        match (label(&text), lists.last_mut()) {
            (Some(list), _) => lists.push(list),
            (None, Some((_, names))) => names.push_str(&text),
            (None, None) => {}
        }
    }
    pieces.truncate(first);
    let mut attendance = json!({ "present": [] });
    for (key, names) in lists {
        let names: Vec<Value> =
            names.trim_end_matches('。').split(['、', '，']).map(Value::from).collect();
        attendance[key] = names.into();
    }
    draft.set("attendance", attendance);
}

/// The names of 附件 at the end of the text.
pub fn attachment_list(pieces: &mut Vec<Piece>) -> Vec<String> {
    let is_first =
        |piece: &Piece| piece.text().map(clean).is_some_and(|text| list_text(&text).is_some());
    let Some(first) = pieces.iter().rposition(is_first) else { return Vec::new() };
    let lines = pieces.split_off(first);
    let mut names: Vec<String> = Vec::new();
    for (index, text) in lines.iter().filter_map(|piece| piece.text().map(clean)).enumerate() {
        let text = if index == 0 { list_text(&text).unwrap_or_default().to_owned() } else { text };
        let number = text.split_once(['.', '、', '．']).filter(|(number, _)| {
            !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit())
        });
        match (number, names.last_mut()) {
            (Some((_, name)), _) => names.push(name.trim().to_owned()),
            (None, Some(name)) => name.push_str(&text),
            (None, None) => names.push(text),
        }
    }
    for name in &mut names {
        *name = name.trim_end_matches(['。', '；', '，']).to_owned();
    }
    names
}

fn list_text(text: &str) -> Option<&str> {
    ["附件：", "附：", "附件:"].iter().find_map(|label| text.strip_prefix(label))
}
