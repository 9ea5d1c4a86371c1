//! 主送机关, and lists of agencies.

use hongtou_rules::document::kind::DocumentKind;
use serde_json::Value;

use crate::genre::draft::Draft;
use crate::genre::lines::clean::{clean, is_page_number};
use crate::source::piece::Piece;

/// The longest list of 主送机关, in lines.
const RECIPIENT_LINES: usize = 12;

/// 主送机关 below the title. Returns the number of pieces that they take.
pub fn recipients(pieces: &[Piece], kind: Option<DocumentKind>, draft: &mut Draft) -> usize {
    let Some((names, taken)) = recipients_at(pieces, kind) else { return 0 };
    draft.set("primary_recipients", names);
    taken
}

/// 主送机关 that the pieces begin with, and the number of pieces that they take; none of a published kind.
pub fn recipients_at(pieces: &[Piece], kind: Option<DocumentKind>) -> Option<(Vec<Value>, usize)> {
    use DocumentKind::{Command, Communique, Minutes, Order, Proclamation, PublicNotice};
    let is_published =
        matches!(kind, Some(Proclamation | PublicNotice | Order | Command | Communique | Minutes));
    let mut text = String::new();
    for (index, piece) in pieces.iter().take(RECIPIENT_LINES).enumerate() {
        let line = piece.text()?;
        if is_page_number(line) {
            continue;
        }
        text.push_str(&clean(line));
        if text.contains(['。', '；', '《']) {
            break;
        }
        if let Some(names) = text.strip_suffix('：').filter(|_| !is_published) {
            let is_text = names.contains("如下");
            return (!is_text).then(|| (recipient_names(names), index + 1));
        }
    }
    None
}

/// The entries of a list of agencies: separated by ， if one lists several of a class.
pub fn recipient_names(text: &str) -> Vec<Value> {
    let parts = entries(text, &['，']);
    if parts.len() > 1 { parts } else { entries(text, &['、']) }
}

/// The parts of a list between these marks. Marks in brackets separate nothing.
pub fn entries(list: &str, marks: &[char]) -> Vec<Value> {
    let mut depth = 0_i32;
    let mut names = vec![String::new()];
    for c in list.chars() {
        match c {
            '（' => depth += 1,
            '）' => depth -= 1,
            _ => {}
        }
        match names.last_mut() {
            Some(name) if depth > 0 || !marks.contains(&c) => name.push(c),
            _ => names.push(String::new()),
        }
    }
    names.retain(|name| !name.is_empty());
    names.into_iter().map(Value::from).collect()
}
