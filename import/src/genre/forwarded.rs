//! What an issued text has of a document of its own: 发文字号, 主送, 署名, 成文日期 and 附注 (转发).

use hongtou_rules::document::kind::DocumentKind;
use serde_json::{Map, Value};

use crate::genre::agency::is_agency;
use crate::genre::closing::{annotation, bracketed_lines, date_of};
use crate::genre::draft::date;
use crate::genre::lines::clean::{clean, dense, words};
use crate::genre::masthead::recipients::recipients_at;
use crate::genre::number::number;
use crate::source::piece::Piece;

/// The most lines of 署名.
const SIGN_OFF: usize = 20;

/// 发文字号, if a line is nothing else.
pub fn number_line(text: &str) -> Option<Value> {
    let found = number(text)?;
    let is_alone = found.before.is_empty() && found.after.is_empty() && !found.code.is_empty();
    is_alone.then(|| found.json())
}

/// Takes what is above and below the text away from its pieces.
pub fn take(title: &str, pieces: &mut Vec<Piece>) -> Map<String, Value> {
    let mut elements = Map::new();
    take_head(title, pieces, &mut elements);
    take_closing(pieces, &mut elements);
    elements
}

/// 发文字号, 题注, 署名 and the date below the title, then 主送机关.
fn take_head(title: &str, pieces: &mut Vec<Piece>, elements: &mut Map<String, Value>) {
    let line = |index: usize| pieces.get(index).and_then(Piece::text);
    let mut next = 0;
    if let Some(number) = line(next).and_then(number_line) {
        elements.insert("document_number".to_owned(), number);
        next += 1;
    }
    let in_brackets = |index: usize| {
        let text = line(index).map(clean)?;
        text.strip_prefix('（')?.strip_suffix('）').map(str::to_owned)
    };
    if let Some(note) = in_brackets(next).filter(|note| note.contains("通过")) {
        elements.insert("note".to_owned(), note.into());
        next += 1;
    }
    let mut names: Vec<String> = Vec::new();
    while let Some(of_line) = line(next).map(words) {
        let is_signed = !of_line.is_empty()
            && names.len() < SIGN_OFF
            && of_line.iter().all(|name| is_agency(name) && !name.starts_with('第'));
        if !is_signed {
            break;
        }
        names.extend(of_line);
        next += 1;
    }
    if !names.is_empty() {
        elements.insert("sign_off".to_owned(), names.into());
        elements.insert("sign_off_place".to_owned(), "below_title".into());
        if let Some(date) = in_brackets(next).and_then(|text| date(&text)) {
            elements.insert("document_date".to_owned(), date.into());
            next += 1;
        }
    }
    // 办法 and the like are addressed to no one; their first line may end with a colon too.
    let kind = DocumentKind::of_title(title);
    if let Some((names, taken)) = recipients_at(&pieces[next..], kind).filter(|_| kind.is_some()) {
        elements.insert("primary_recipients".to_owned(), names.into());
        next += taken;
    }
    pieces.drain(..next);
}

/// 署名, the date and 附注 below the text.
pub fn take_closing(pieces: &mut Vec<Piece>, elements: &mut Map<String, Value>) {
    if elements.contains_key("sign_off") {
        return;
    }
    let Some(dated) = pieces.iter().rposition(|piece| date_of(piece).is_some()) else { return };
    let Some((notes, taken)) = bracketed_lines(&pieces[dated + 1..]) else { return };
    if dated + 1 + taken < pieces.len() {
        return;
    }
    if let Some(date) = date_of(&pieces[dated]) {
        elements.insert("document_date".to_owned(), date.into());
    }
    if let Some(notes) = annotation(notes) {
        elements.insert("annotation".to_owned(), notes);
    }
    pieces.truncate(dated);
    let mut names: Vec<String> = Vec::new();
    while let Some(text) =
        pieces.last().and_then(Piece::text).filter(|text| is_agency(&dense(text)))
        && names.len() < SIGN_OFF
    {
        let mut of_line = words(text);
        of_line.append(&mut names);
        names = of_line;
        pieces.pop();
    }
    if !names.is_empty() {
        elements.insert("sign_off".to_owned(), names.into());
    }
}
