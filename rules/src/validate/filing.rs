//! A filing that the rules accept.

use crate::document::OfficialDocument;
use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::document::block::{Block, Numbering};
use crate::document::date::DocumentDate;
use crate::document::masthead::number::DocumentNumber;
use crate::document::sign_off::SignOffPlace;
use crate::scoring::project::ProjectTable;
use crate::scoring::sheet::ScoreSheet;

/// An official document and its content, known to be valid. Only `validate()` creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    document: OfficialDocument,
    content: Content,
    source: Vec<u8>,
    weight: usize,
}

/// 正文 with the text around it, the issued text and the attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// How headings are counted, if the document says so.
    pub numbering: Option<Numbering>,
    /// The text before the main text.
    pub opening: Vec<Block>,
    /// The scores, or the body of a document without scores.
    pub main: MainText,
    /// The text after the main text.
    pub closing: Vec<Block>,
    /// The texts that the document issues.
    pub issued: Vec<IssuedText>,
    /// Attachments with content, in their order.
    pub attached: Vec<Attached>,
}

/// A text that the document issues (印发, 转发, 公布).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedText {
    /// Its title.
    pub title: String,
    /// 题注 without its brackets.
    pub note: Option<String>,
    /// What it has if it is a document itself.
    pub elements: IssuedElements,
    /// Its text; never empty.
    pub body: Vec<Block>,
    /// Its attachments; those without text are only listed.
    pub attachments: Vec<IssuedAttachment>,
}

/// 公文要素 of an issued text that is a document itself, as one that is forwarded (转发).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuedElements {
    /// Its own 发文字号.
    pub document_number: Option<DocumentNumber>,
    /// Its own 主送机关.
    pub primary_recipients: Vec<String>,
    /// The agencies that signed it.
    pub sign_off: Vec<String>,
    /// Where 署名 is printed.
    pub sign_off_place: SignOffPlace,
    /// Its 成文日期, not after that of the document; never absent if 署名 is below the text.
    pub document_date: Option<DocumentDate>,
    /// Its 附注, a line each, without brackets.
    pub annotation: Vec<String>,
}

/// An attachment of the issued text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedAttachment {
    /// The name of the attachment.
    pub title: String,
    /// Its text; empty if it is only listed.
    pub body: Vec<Block>,
}

/// An attachment with content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The index of the attachment in the document.
    pub index: usize,
    /// The orientation of its pages.
    pub orientation: Orientation,
    /// How it is bound.
    pub binding: AttachmentBinding,
    /// The labels and texts of its cover page; empty if it has none.
    pub cover: Vec<(String, String)>,
    /// Its content.
    pub content: AttachedContent,
}

/// The content of an attachment.
#[expect(clippy::large_enum_variant, reason = "a filing has a handful of these")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachedContent {
    /// Headings, paragraphs and tables; never empty.
    Blocks(Vec<Block>),
    /// 绩效评价自评表, generated from the score sheet, which the main text has.
    ScoreTable,
    /// 绩效评价自评表 of a score sheet that only this attachment has.
    OwnScores(ScoreSheet),
    /// 项目支出绩效自评表.
    ProjectTable(ProjectTable),
}

/// The main text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MainText {
    /// The score sheet of a self-evaluation.
    Scores(ScoreSheet),
    /// Headings and paragraphs of any other document; never empty.
    Blocks(Vec<Block>),
}

impl Content {
    /// The score sheet, if the document has one.
    pub fn scores(&self) -> Option<&ScoreSheet> {
        match &self.main {
            MainText::Scores(scores) => Some(scores),
            MainText::Blocks(_) => None,
        }
    }
}

impl Filing {
    pub(crate) fn new(
        document: OfficialDocument,
        content: Content,
        source: Vec<u8>,
        weight: usize,
    ) -> Self {
        Self { document, content, source, weight }
    }

    /// The weight of its texts and tables (`limits::FILING`), to which the memory of its layout is
    /// proportional.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// 公文要素.
    pub fn document(&self) -> &OfficialDocument {
        &self.document
    }

    /// Consumes the filing and returns 公文要素 and the posted JSON in its canonical form.
    pub fn into_parts(self) -> (OfficialDocument, Vec<u8>) {
        (self.document, self.source)
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
