//! Unambiguous corrections, which both the findings and `fix` use.

use std::ops::Range;

use crate::validate::text::characters::visible;

/// A range of a text and its replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// The range of the wrong characters.
    pub at: Range<usize>,
    /// The right characters; empty if they should be deleted.
    pub right: String,
}

impl Mend {
    /// Describes the mend as part of a sentence: “云⺠发”中的“⺠”应为“民”.
    pub fn said(&self, text: &[char]) -> String {
        let around = around(text, &self.at);
        let wrong = shown(&text[self.at.clone()]);
        if self.right.is_empty() {
            return format!("“{around}”中的“{wrong}”应删去");
        }
        if around == wrong {
            return format!("“{wrong}”应为“{}”", self.right);
        }
        format!("“{around}”中的“{wrong}”应为“{}”", self.right)
    }
}

/// Applies mends. A mend that overlaps the previous one is skipped.
pub fn mended(text: &[char], mends: &[Mend]) -> String {
    let mut out = String::new();
    let mut next = 0;
    for mend in mends.iter().filter(|mend| mend.at.start < text.len()) {
        if mend.at.start < next {
            continue;
        }
        out.extend(&text[next..mend.at.start]);
        out.push_str(&mend.right);
        next = mend.at.end;
    }
    out.extend(&text[next..]);
    out
}

/// A range of a text with up to four characters on each side.
pub fn around(text: &[char], at: &Range<usize>) -> String {
    const NEIGHBOURS: usize = 4;
    let start = at.start.saturating_sub(NEIGHBOURS);
    let end = (at.end + NEIGHBOURS).min(text.len());
    shown(&text[start..end])
}

fn shown(text: &[char]) -> String {
    text.iter().map(|c| visible(*c)).collect()
}

/// Joins the first few sentences.
pub fn listed(sentences: impl Iterator<Item = String>) -> String {
    const MOST: usize = 5;
    let all: Vec<String> = sentences.collect();
    let more = match all.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("；另有{more}处"),
    };
    format!("{}{more}", all[..all.len().min(MOST)].join("；"))
}
