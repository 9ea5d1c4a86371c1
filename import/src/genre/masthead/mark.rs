//! 份号, 密级, 紧急程度 and 发文机关标志.

use serde_json::json;

use crate::genre::draft::Draft;
use crate::genre::lines::clean::{dense, is_page_number, words};
use crate::source::piece::Piece;

/// The text after the names of the mark, the longest first.
const SUFFIXES: [&str; 6] = ["文件", "命令", "令", "纪要", "公告", "通告"];

/// What the mark shows.
#[derive(Debug, Default)]
pub struct Mark {
    /// The text after the names.
    pub suffix: Option<&'static str>,
    /// The names.
    pub names: Vec<String>,
}

/// Whether a line is a mark that ends with 文件.
pub fn is_mark(piece: &Piece) -> bool {
    piece.text().is_some_and(|text| {
        let text = dense(text);
        text.ends_with("文件") && text.chars().count() > 4 && !text.contains(['，', '。', '《'])
    })
}

/// 份号, 密级, 紧急程度 and the mark. Other lines, such as those of a web page, are reported.
pub fn before_number(pieces: &[Piece], draft: &mut Draft) -> Mark {
    let mut mark = Mark::default();
    for piece in pieces {
        let Some(text) = piece.text() else { continue };
        if is_page_number(text) || label(text, draft) {
            continue;
        }
        if text.contains(['：', ':', '。', '；', '《']) {
            draft.unread(piece.place, text);
            continue;
        }
        for word in words(text) {
            let suffix = SUFFIXES.into_iter().find(|suffix| word.ends_with(suffix));
            let name = suffix.map_or(word.as_str(), |suffix| word.trim_end_matches(suffix));
            mark.suffix = mark.suffix.or(suffix);
            if !name.is_empty() {
                mark.names.push(name.to_owned());
            }
        }
    }
    mark
}

/// Reads a line of 份号, 密级 or 紧急程度.
pub fn label(text: &str, draft: &mut Draft) -> bool {
    let text = dense(text);
    if !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(number) = text.parse::<i64>() {
            draft.set("copy_number", number);
        }
        return true;
    }
    for level in ["绝密", "机密", "秘密"] {
        let Some(term) = text.strip_prefix(level) else { continue };
        let years = term.trim_start_matches(['★', '☆', '*']).trim_end_matches('年');
        if !term.is_empty() && years.parse::<i64>().is_err() {
            return false;
        }
        let mut classification = json!({ "level": level });
        if let Ok(years) = years.parse::<i64>() {
            classification["years"] = years.into();
        }
        draft.set("classification", classification);
        return true;
    }
    let is_urgent = matches!(text.as_str(), "特急" | "加急");
    if is_urgent {
        draft.set("urgency", text);
    }
    is_urgent
}

/// Whether a line is one of 份号, 密级 or 紧急程度.
pub fn is_label(text: &str) -> bool {
    label(text, &mut Draft::default())
}
