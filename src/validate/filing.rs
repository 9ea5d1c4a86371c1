//! A filing that the rules accept.

use crate::document::OfficialDocument;
use crate::document::rich_text::RichText;
use crate::scoring::sheet::ScoreSheet;

/// An official document and its content, which cannot be invalid: `validate()` alone makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    document: OfficialDocument,
    content: Content,
    source: Vec<u8>,
}

/// 正文: paragraphs before the scores, the scores, paragraphs after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Paragraphs before the scores.
    pub opening: Vec<RichText>,
    /// The score sheet of a report of scores.
    pub scores: ScoreSheet,
    /// Paragraphs after the scores.
    pub closing: Vec<RichText>,
}

impl Filing {
    pub(super) fn new(document: OfficialDocument, content: Content, source: Vec<u8>) -> Self {
        Self { document, content, source }
    }

    /// 公文要素.
    pub fn document(&self) -> &OfficialDocument {
        &self.document
    }

    /// 正文.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The posted JSON in its canonical form (RFC 8785).
    pub fn source(&self) -> &[u8] {
        &self.source
    }
}
