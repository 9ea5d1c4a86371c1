//! Text as printed, in the shape that the templates read.

use serde::Serialize;

/// The text of a paragraph or a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// The text.
    pub runs: Vec<TextRun>,
    /// How its line breaks are chosen.
    pub breaks: Breaks,
}

/// How the line breaks of a paragraph are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaks {
    /// The text does, with U+2028 behind every line but the last; each has room.
    Given,
    /// The text does, and a line is wider than its room by what its marks can give up.
    Squeezed,
    /// Typst does.
    Free,
}

/// A stretch of text set in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextRun {
    /// The characters.
    pub text: String,
    /// Set off from its surroundings.
    pub strong: bool,
    /// Never broken across lines.
    pub keep: bool,
}
