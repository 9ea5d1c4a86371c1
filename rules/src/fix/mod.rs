//! Corrects unambiguous typing errors in the text of a submission. All other bytes stay the same.

mod strings;

use std::fmt;

use crate::fix::strings::each_string;
use crate::submission::names::path::pointer;
use crate::submission::names::text_role::{PostedString, TextRole};
use crate::submission::read::{ReadError, json_text};
use crate::validate::findings::place_name::place_name;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::typing::mend::{Mend, listed, mended};
use crate::validate::typing::mends;

/// The most rounds for one text. Each round applies one kind of mend, which may make another necessary.
const ROUNDS: usize = 16;

/// A submission with its mends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The JSON. Keys, numbers and spacing are unchanged.
    pub text: String,
    /// The mended strings, in the order of the text.
    pub fixes: Vec<Fix>,
}

/// A string that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The JSON Pointer to the string.
    pub pointer: String,
    /// The string as posted.
    pub before: String,
    /// The string as mended.
    pub after: String,
    /// What was done, in Chinese.
    pub detail: String,
}

/// `place：detail`, one line for a terminal.
impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", place_name(&self.pointer), self.detail)
    }
}

/// Mends every string of a body. The checks report the same errors, and also those that need a decision,
/// which stay.
///
/// # Errors
/// Fails with `ReadError::Syntax` if the body is not JSON in UTF-8.
pub fn fix(body: &[u8]) -> Result<Fixed, ReadError> {
    let text = json_text(body)?;
    let mut fixed = String::with_capacity(body.len());
    if body.len() > text.len() {
        fixed.push('\u{FEFF}');
    }
    let (mut next, mut fixes) = (0, Vec::new());
    each_string(text, &mut |found| {
        let role = TextRole::of(found.path, |key| found.owner_has(key));
        let posted = PostedString { path: found.path, role, text: found.string };
        if let Some((after, detail)) = fixed_text(&posted) {
            fixed.push_str(&text[next..found.at.start]);
            fixed.push_str(&serde_json::Value::from(after.as_str()).to_string());
            next = found.at.end;
            let before = found.string.to_owned();
            fixes.push(Fix { pointer: pointer(found.path), before, after, detail });
        }
    });
    fixed.push_str(&text[next..]);
    Ok(Fixed { text: fixed, fixes })
}

/// The mended text and a Chinese description. Returns `None` if the text needs no mend or is too long.
fn fixed_text(posted: &PostedString<'_>) -> Option<(String, String)> {
    let mut text: Vec<char> = posted.text.chars().collect();
    if text.len() > limits::PARAGRAPH {
        return None;
    }
    let mut done: Vec<String> = Vec::new();
    for _ in 0..ROUNDS {
        let mends = mends::next(posted, &text);
        if mends.is_empty() {
            break;
        }
        for fix in mends.iter().map(|mend| description(&text, mend)) {
            if !done.contains(&fix) {
                done.push(fix);
            }
        }
        text = mended(&text, &mends).chars().collect();
    }
    (!done.is_empty()).then(|| (text.into_iter().collect(), listed(done.into_iter())))
}

/// What a mend changed, in Chinese.
fn description(text: &[char], mend: &Mend) -> String {
    let wrong: String = text[mend.at.clone()].iter().collect();
    match mend.right.as_str() {
        "" => format!("删去“{}”", quoted(wrong.trim())),
        right => format!("“{}”改为“{right}”", quoted(&wrong)),
    }
}
