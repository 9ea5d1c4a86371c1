//! Splits the rest of a document: 版记, 署名 and 成文日期, 附注, the list of 附件, the attachments and the
//! issued texts.

mod colophon;
mod minutes;
mod sign_off;

use serde_json::Value;

use crate::genre::draft::{Draft, date};
use crate::genre::lines::clean::{clean, dense, is_page_number};
use crate::genre::lines::marks::mark;
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

/// Splits the pieces after the masthead and reads what is not text.
pub fn read(pieces: &[Piece], draft: &mut Draft) -> Parts {
    let mut pieces: Vec<Piece> = pieces
        .iter()
        .filter(|piece| piece.text().is_none_or(|text| !is_page_number(text)))
        .cloned()
        .collect();
    colophon::read(&mut pieces, draft);
    let dates: Vec<usize> =
        (0..pieces.len()).filter(|index| date_of(&pieces[*index]).is_some()).collect();
    // The date of a web page is above the text.
    let is_signed = |index: &usize| {
        index.checked_sub(1).is_some_and(|above| sign_off::is_line(&pieces[above], draft))
    };
    let dated = dates.iter().copied().find(is_signed).or_else(|| dates.first().copied());
    let end = dated.unwrap_or(pieces.len());
    let rest = dated.map(|dated| pieces.split_off(dated + 1)).unwrap_or_default();
    if let Some(date) = dated.and_then(|dated| date_of(&pieces[dated])) {
        draft.set("document_date", date);
        pieces.truncate(end);
        sign_off::read(&mut pieces, draft);
    }
    let rest = annotations(rest, draft);
    minutes::attendance(&mut pieces, draft);
    let attachments = attachment_list(&mut pieces);
    Parts { body: pieces, attachments, rest }
}

/// The date, if a piece is nothing else.
pub fn date_of(piece: &Piece) -> Option<String> {
    date(&dense(piece.text()?))
}

/// 附注 below the date. Returns the other pieces.
fn annotations(rest: Vec<Piece>, draft: &mut Draft) -> Vec<Piece> {
    let Some((found, taken)) = bracketed_lines(&rest) else { return rest };
    if let Some(annotation) = annotation(found) {
        draft.set("annotation", annotation);
    }
    rest.into_iter().skip(taken).collect()
}

/// Lines of 附注 as a submission has them.
pub fn annotation(mut lines: Vec<String>) -> Option<Value> {
    match lines.len() {
        0 => None,
        1 => Some(lines.remove(0).into()),
        _ => Some(lines.into()),
    }
}

/// The texts in brackets that the pieces begin with, and the number of pieces that they take; `None` if a
/// bracket stays open.
pub fn bracketed_lines(pieces: &[Piece]) -> Option<(Vec<String>, usize)> {
    let mut found: Vec<String> = Vec::new();
    let mut taken = 0;
    let mut open = String::new();
    for piece in pieces {
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
    open.is_empty().then_some((found, taken))
}

/// The names of 附件 at the end of the text. What is below the list stays.
pub fn attachment_list(pieces: &mut Vec<Piece>) -> Vec<String> {
    let is_first =
        |piece: &Piece| piece.text().map(clean).is_some_and(|text| list_text(&text).is_some());
    let Some(first) = pieces.iter().rposition(is_first) else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    let mut taken = 0;
    for piece in &pieces[first..] {
        let Some(text) = piece.text().map(clean) else { break };
        let text = if taken == 0 { list_text(&text).unwrap_or_default() } else { &*text };
        let number = text.split_once(['.', '、', '．']).filter(|(number, _)| {
            !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit())
        });
        let is_text = text.ends_with(['。', '：']) || (number.is_none() && mark(text).is_some());
        match (number, names.last_mut()) {
            (Some((_, name)), _) => names.push(name.trim().to_owned()),
            (None, Some(_)) if is_text => break,
            (None, Some(name)) => name.push_str(text),
            (None, None) => names.push(text.to_owned()),
        }
        taken += 1;
    }
    pieces.drain(first..first + taken);
    names.retain(|name| !name.is_empty());
    for name in &mut names {
        *name = name.trim_end_matches(['。', '；', '，']).to_owned();
    }
    names
}

fn list_text(text: &str) -> Option<&str> {
    ["附件：", "附：", "附件:"].iter().find_map(|label| text.strip_prefix(label))
}
