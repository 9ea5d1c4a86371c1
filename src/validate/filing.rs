//! A filing that the rules accept.

use crate::document::OfficialDocument;
use crate::document::block::Block;
use crate::document::rich_text::RichText;
use crate::scoring::sheet::ScoreSheet;

/// An official document and its content, which cannot be invalid: `validate()` alone makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    document: OfficialDocument,
    content: Content,
    source: Vec<u8>,
}

/// 正文: paragraphs before the main text, the main text, paragraphs after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Paragraphs before the main text.
    pub opening: Vec<RichText>,
    /// The scores, or what stands in their place.
    pub main: MainText,
    /// Paragraphs after the main text.
    pub closing: Vec<RichText>,
}

/// What a document says in the main.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MainText {
    /// The score sheet of a report of scores.
    Scores(ScoreSheet),
    /// Headings and paragraphs of any other document; never empty.
    Blocks(Vec<Block>),
}

impl Content {
    /// The score sheet, where the document reports scores.
    pub fn scores(&self) -> Option<&ScoreSheet> {
        match &self.main {
            MainText::Scores(scores) => Some(scores),
            MainText::Blocks(_) => None,
        }
    }
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
