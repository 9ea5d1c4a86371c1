//! Text as printed, in the shape that the templates read.

use serde::Serialize;

use crate::document::measures::CHARACTERS_PER_LINE;

/// The text of a paragraph or a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// The text.
    pub runs: Vec<TextRun>,
    /// How its line breaks are chosen.
    pub breaks: Breaks,
}

/// U+2028 LINE SEPARATOR: ends a justified line.
pub(crate) const LINE_END: char = '\u{2028}';

impl Paragraph {
    /// The number of lines, counting `lead`, which is before the text. An estimate if Typst breaks the
    /// lines.
    pub(crate) fn line_count(&self, lead: &[TextRun]) -> usize {
        let characters = || lead.iter().chain(&self.runs).flat_map(|run| run.text.chars());
        match self.breaks {
            Breaks::Free => (characters().count() + 2).div_ceil(CHARACTERS_PER_LINE),
            Breaks::Given | Breaks::Squeezed => {
                1 + characters().filter(|&character| character == LINE_END).count()
            }
        }
    }
}

/// How the line breaks of a paragraph are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaks {
    /// The text contains them: U+2028 ends every line but the last. Every line fits its width.
    Given,
    /// Like `Given`, but at least one line fits only after its punctuation is squeezed (标点挤压).
    Squeezed,
    /// Typst chooses them.
    Free,
}

/// Consecutive characters with the same formatting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextRun {
    /// The characters.
    pub text: String,
    /// Whether the text is strong.
    pub strong: bool,
    /// Whether the run must stay on one line.
    pub unbreakable: bool,
}
