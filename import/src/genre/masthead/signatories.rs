//! 签发人: above 发文字号, beside it or below it.

use hongtou_rules::document::kind::DocumentKind;

use crate::genre::draft::Draft;
use crate::genre::lines::clean::{dense, words};
use crate::genre::masthead::mark::label;
use crate::genre::number::Numbered;
use crate::source::piece::Piece;

/// 签发人 beside the number, above or below it. Returns the index after them.
pub fn signatories(pieces: &[Piece], index: usize, number: &Numbered, draft: &mut Draft) -> usize {
    let mut names: Vec<String> = Vec::new();
    if number.before.chars().count() <= 6 {
        label(&number.before, draft);
    }
    let start = start(&pieces[..index]);
    for piece in &pieces[start.unwrap_or(index)..index] {
        names.extend(piece.text().map(name_words).unwrap_or_default());
    }
    let mut is_open = start.is_some();
    if has_signatory(&number.after) || is_open {
        names.extend(name_words(&number.after));
        is_open = true;
    }
    let mut next = index + 1;
    while let Some(text) = pieces.get(next).and_then(Piece::text) {
        let is_row = is_open && is_row_of_names(text);
        if !has_signatory(text) && !is_row {
            break;
        }
        names.extend(name_words(text));
        is_open = true;
        next += 1;
    }
    if is_open {
        draft.set("signatories", joined_names(names));
    }
    next
}

/// Where 签发人 begin above the number.
pub fn start(pieces: &[Piece]) -> Option<usize> {
    pieces.iter().position(|piece| piece.text().is_some_and(has_signatory))
}

fn has_signatory(text: &str) -> bool {
    dense(text).starts_with("签发人")
}

/// The words of a line of names without the label.
fn name_words(text: &str) -> Vec<String> {
    let all = words(text);
    let joined = all.join("\u{1}");
    let rest = match joined.find("签发人").or_else(|| joined.find("签\u{1}发\u{1}人")) {
        Some(_) => joined.rsplit(['：', ':', '人']).next().unwrap_or_default().to_owned(),
        None => joined,
    };
    rest.split(['\u{1}', '、', '，']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_row_of_names(text: &str) -> bool {
    let names = words(text);
    let is_name = |name: &String| name.chars().count() <= 4 && !name.contains(['：', '。', '，']);
    !names.is_empty()
        && names.iter().all(is_name)
        && dense(text).chars().count() <= 8
        && DocumentKind::of_title(&dense(text)).is_none()
}

/// A name of two characters is printed with a blank between them.
pub fn joined_names(words: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words {
        let is_single = word.chars().count() == 1;
        match names.last_mut() {
            Some(name) if is_open && is_single => {
                name.push_str(&word);
                is_open = false;
            }
            _ => {
                names.push(word);
                is_open = is_single;
            }
        }
    }
    names
}
