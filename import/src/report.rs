//! What an import returns: the submission, what was not understood, and faults of cells.

use serde_json::Value;

use crate::source::kind::FileKind;

/// The result of reading a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What the file was.
    pub kind: FileKind,
    /// A draft of a submission. Elements that the file lacks are absent or empty.
    pub submission: Value,
    /// Parts of the file that are not in the submission, in the order of the file.
    pub unread: Vec<Unread>,
    /// What staff should check or correct, in the order of the file.
    pub problems: Vec<Problem>,
}

/// A part of the file that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The place, such as 第12行 or 第3个表格.
    pub place: String,
    /// The text of the part. A long part is in several entries with the same place.
    pub text: String,
}

/// A fault or a guess, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place, such as 评分表!E14 or 第12行; empty for the whole file.
    pub place: String,
    /// A Chinese sentence for staff.
    pub message: String,
}

/// The most characters of an entry.
const SHOWN: usize = 200;

impl Unread {
    /// The entries of an unread part at a place; a long text is split at blanks.
    pub fn parts(place: &str, text: &str) -> Vec<Self> {
        let part = |text: &str| Self { place: place.to_owned(), text: text.to_owned() };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((end, _)) = rest.char_indices().nth(SHOWN) {
            let blank = rest[..end].rfind(' ').filter(|blank| *blank > 0);
            let (shown, after) = rest.split_at(blank.unwrap_or(end));
            parts.push(part(shown));
            rest = after.trim_start();
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(part(rest));
        }
        parts
    }
}

impl Problem {
    /// A problem at a place.
    pub fn at(place: impl ToString, message: impl Into<String>) -> Self {
        Self { place: place.to_string(), message: message.into() }
    }

    /// A problem of the whole file.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self { place: String::new(), message: message.into() }
    }
}
