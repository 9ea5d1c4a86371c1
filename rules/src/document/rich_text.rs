//! Text with strong runs, the only markup in a submission.

use std::borrow::Cow;

/// A stretch of text in one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The characters, never empty.
    pub text: String,
    /// Whether the run is printed strong.
    pub weight: Weight,
}

/// Replaces an escaped asterisk during parsing. Validation refuses this character in texts.
const ASTERISK: &str = "\u{E000}";

/// The two weights of running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Regular.
    Regular,
    /// Strong, as in the leads 一是, 二是.
    Strong,
}

/// A paragraph as runs of alternating weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RichText {
    // Invariant: no empty run, neighbours differ in weight.
    runs: Vec<Run>,
}

impl RichText {
    /// Parses `**…**` as strong and `\\*` as an asterisk. An unpaired or empty `**` and all other
    /// characters are plain text.
    pub fn parse(text: &str) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut push = |text: &str, weight: Weight| {
            if text.is_empty() {
                return;
            }
            let text = replaced(text, ASTERISK, "*");
            match runs.last_mut() {
                Some(last) if last.weight == weight => last.text.push_str(&text),
                _ => runs.push(Run { text: text.into_owned(), weight }),
            }
        };
        let text = replaced(text, "\\*", ASTERISK);
        let mut rest = &*text;
        while let Some(open) = rest.find("**") {
            let inner = &rest[open + 2..];
            match inner.find("**") {
                Some(close) if close > 0 => {
                    push(&rest[..open], Weight::Regular);
                    push(&inner[..close], Weight::Strong);
                    rest = &inner[close + 2..];
                }
                Some(_) => {
                    push(&rest[..open + 4], Weight::Regular);
                    rest = &rest[open + 4..];
                }
                None => break,
            }
        }
        push(rest, Weight::Regular);
        Self { runs }
    }

    /// The text without markup: that of `parse(text).plain()`.
    pub fn plain_of(text: &str) -> Cow<'_, str> {
        match text.contains(['*', '\\']) || text.contains(ASTERISK) {
            true => Cow::Owned(Self::parse(text).plain()),
            false => Cow::Borrowed(text),
        }
    }

    /// Creates plain text without parsing markup.
    pub fn regular(text: &str) -> Self {
        let run = Run { text: text.to_owned(), weight: Weight::Regular };
        Self { runs: if text.is_empty() { Vec::new() } else { vec![run] } }
    }

    /// Appends another text.
    #[must_use]
    pub fn followed_by(mut self, other: &Self) -> Self {
        for run in &other.runs {
            match self.runs.last_mut() {
                Some(last) if last.weight == run.weight => last.text.push_str(&run.text),
                _ => self.runs.push(run.clone()),
            }
        }
        self
    }

    /// The runs in reading order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The text without weights.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// The text with all occurrences of a part replaced. Most texts have none.
fn replaced<'t>(text: &'t str, part: &str, by: &str) -> Cow<'t, str> {
    match text.contains(part) {
        true => Cow::Owned(text.replace(part, by)),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{RichText, Weight};

    fn shown(text: &str) -> String {
        let mut out = String::new();
        for run in RichText::parse(text).runs() {
            match run.weight {
                Weight::Regular => out.push_str(&run.text),
                Weight::Strong => out.push_str(&format!("<{}>", run.text)),
            }
        }
        out
    }

    #[test]
    fn only_paired_marks_are_markup() {
        let cases = [
            ("**一是**加强", "<一是>加强"),
            ("先**一是**后**二是**", "先<一是>后<二是>"),
            ("**一是", "**一是"),
            ("*a* ****", "*a* ****"),
            ("2**3**", "2<3>"),
            ("a***b", "a***b"),
            (r"\*\*一是\*\*", "**一是**"),
            (r"≥\*\*人，**低保**标准", "≥**人，<低保>标准"),
            (r"\ \a", r"\ \a"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
