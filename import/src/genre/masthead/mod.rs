//! Reads 版头: 份号, 密级, 紧急程度, 发文机关标志, 发文字号, 签发人, and then the title and 主送机关.

mod mark;
pub mod recipients;
pub mod signatories;
mod title;

use hongtou_rules::document::kind::DocumentKind;
use serde_json::{Value, json};

use crate::genre::draft::{Draft, date};
use crate::genre::lines::clean::{dense, words};
use crate::genre::masthead::mark::{Mark, before_number, is_mark, label};
use crate::genre::masthead::recipients::recipients;
use crate::genre::masthead::signatories::signatories;
use crate::genre::masthead::title::title;
use crate::genre::number::number;
use crate::source::piece::Piece;

/// The most lines before the number of a document.
const MASTHEAD: usize = 30;

/// Reads the masthead, the title and the addressees. Returns the number of pieces that they take.
pub fn read(pieces: &[Piece], draft: &mut Draft) -> usize {
    let first = pieces.iter().take(MASTHEAD).map(|piece| piece.text().map(number)).enumerate();
    let found = first.into_iter().find_map(|(index, number)| Some((index, number??)));
    // A number below a sentence is part of the text.
    let is_sentence = |piece: &Piece| piece.text().is_some_and(|text| text.ends_with('。'));
    let found = found.filter(|(index, _)| !pieces[..*index].iter().any(is_sentence));
    let mut next = 0;
    let mut mark = Mark::default();
    let mut titled = None;
    if let Some((index, number)) = found {
        let signed = signatories::start(&pieces[..index]).unwrap_or(index);
        titled = title::above_number(&pieces[..signed]);
        let end = titled.as_ref().map_or(signed, |title| title.start);
        mark = before_number(&pieces[..end], draft);
        for piece in &pieces[titled.as_ref().map_or(signed, |title| title.end)..signed] {
            draft.unread(piece.place, piece.text().unwrap_or_default());
        }
        next = signatories(pieces, index, &number, draft);
        draft.set("document_number", number.json());
        next += labels_below(&pieces[next..], draft);
        next += line_of_minutes(&pieces[next..], &mut mark, draft);
    } else {
        draft.remark("没有找到发文字号，请填写。");
        if let Some(index) = pieces.iter().take(MASTHEAD).position(is_mark) {
            mark = before_number(&pieces[..=index], draft);
            next = index + 1;
        }
    }
    draft.issuers.clone_from(&mark.names);
    if let Some(range) = titled {
        title(&pieces[range], draft);
    } else if !matches!(mark.suffix, Some("令" | "命令")) {
        // A command prints no title.
        next += title(&pieces[next..], draft);
    }
    meeting(&mut mark, draft);
    if let Some((piece, date)) =
        pieces.get(next).and_then(|piece| Some((piece, date(&dense(piece.text()?))?)))
    {
        // The date of a web page; the one above the end of the document goes before it.
        draft.set("document_date", date);
        draft.unread(piece.place, piece.text().unwrap_or_default());
        next += 1;
    }
    let kind = kind_of(draft, &mark);
    set_kind(kind, &mark, draft);
    next + recipients(&pieces[next..], kind, draft)
}

/// The line of 纪要 with the agency and the date, which is below the number.
fn line_of_minutes(pieces: &[Piece], mark: &mut Mark, draft: &mut Draft) -> usize {
    let Some(text) = pieces.first().and_then(Piece::text) else { return 0 };
    let mut words = words(text);
    let found = (mark.suffix == Some("纪要")).then(|| words.pop().and_then(|word| date(&word)));
    let Some(date) = found.flatten().filter(|_| !words.is_empty()) else { return 0 };
    draft.set("document_date", date);
    let meeting = std::mem::replace(&mut mark.names, words).concat();
    if !meeting.is_empty() && meeting != mark.names.concat() {
        draft.set("issuer_mark", json!({ "text": meeting }));
    }
    1
}

/// The mark of 纪要 may name the meeting; then the agency is in the title.
fn meeting(mark: &mut Mark, draft: &mut Draft) {
    let [name] = &*mark.names else { return };
    if mark.suffix != Some("纪要") || !name.ends_with("会议") {
        return;
    }
    let title = draft.text("title").unwrap_or_default();
    let end = title.find(|c: char| c.is_ascii_digit() || c == '第').unwrap_or_default();
    let agency = title[..end].to_owned();
    if agency.ends_with(['局', '委', '会', '府', '厅', '部', '院', '室', '办']) {
        draft.set("issuer_mark", json!({ "text": name }));
        draft.issuers = vec![agency.clone()];
        mark.names = vec![agency];
    }
}

/// The kind by the end of the title or of the mark.
fn kind_of(draft: &Draft, mark: &Mark) -> Option<DocumentKind> {
    let title = draft.text("title").and_then(DocumentKind::of_title);
    let of_mark = mark.suffix.and_then(DocumentKind::of_title);
    title.or(of_mark)
}

/// A letter has its labels below the red line, beside and below its number.
fn labels_below(pieces: &[Piece], draft: &mut Draft) -> usize {
    pieces.iter().take_while(|piece| piece.text().is_some_and(|text| label(text, draft))).count()
}

fn set_kind(kind: Option<DocumentKind>, mark: &Mark, draft: &mut Draft) {
    let is_letter = kind == Some(DocumentKind::Letter) && mark.suffix.is_none();
    let form = match kind {
        Some(DocumentKind::Report) => "report",
        Some(DocumentKind::Minutes) => "minutes",
        Some(DocumentKind::Command | DocumentKind::Order) => "command",
        _ if is_letter => "letter",
        _ => "notice",
    };
    let is_upward =
        matches!(kind, Some(DocumentKind::Report | DocumentKind::Request | DocumentKind::Bill))
            || draft.document.contains_key("signatories");
    let direction = match kind {
        _ if is_upward => "upward",
        Some(DocumentKind::Letter) => "parallel",
        _ => "downward",
    };
    if form == "command"
        && let Some(number) =
            draft.document.get_mut("document_number").and_then(Value::as_object_mut)
    {
        number.remove("format");
    }
    draft.set("form", form);
    draft.set("direction", direction);
    if let Some(kind) = kind {
        draft.set("document_kind", kind.name());
    } else {
        draft.remark("没有从标题看出文种，请核对格式和行文方向。");
    }
    let usual = match form {
        "command" | "minutes" => mark.suffix,
        "letter" => None,
        _ => Some("文件"),
    };
    if mark.suffix != usual && !mark.names.is_empty() {
        draft.set("issuer_mark", json!({ "suffix": mark.suffix.unwrap_or("无") }));
    }
}
