//! Every string of a filing as printed, in the shape the templates read.

use serde::Serialize;

/// What `data.json` holds: display strings, and flags that say where they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageData {
    /// What the file says about itself.
    pub metadata: Metadata,
    /// 页码.
    pub folio: Folio,
    /// 版头.
    pub masthead: Masthead,
    /// 标题, line by line.
    pub title: Vec<String>,
    /// 主送机关 with its colon.
    pub recipients: Option<String>,
    /// 正文.
    pub body: Vec<BodyPart>,
    /// 附件说明.
    pub attachments: Vec<AttachmentEntry>,
    /// How far spacing yields before and in the closing: an index into theme.typ's (B-18).
    pub closing_step: String,
    /// 署名 and 成文日期.
    pub sign_off: SignOff,
    /// 版记.
    pub colophon: Colophon,
}

/// Title, author, subject and date of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Metadata {
    /// 标题 as one line.
    pub title: String,
    /// 发文机关.
    pub authors: Vec<String>,
    /// 发文字号.
    pub keywords: Vec<String>,
    /// 发文字号 and what the document is.
    pub description: String,
    /// 成文日期, year.
    pub year: String,
    /// 成文日期, month.
    pub month: String,
    /// 成文日期, day.
    pub day: String,
}

/// Which sides bear a number (N-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Folio {
    /// The last side with a number; `None` where all have one.
    pub last_numbered: Option<String>,
}

/// 版头.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Masthead {
    /// The names of the mark, the lead agency first.
    pub marks: Vec<String>,
    /// How far the mark shrinks: an index into theme.typ's sizes (H-9).
    pub step: String,
    /// 文件, or nothing.
    pub suffix: Option<String>,
    /// 发文字号.
    pub number: String,
    /// 签发人, a string a row.
    pub signatories: Vec<String>,
}

/// A heading or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyPart {
    /// A heading with its number.
    Heading {
        /// Which of the four kinds of number it has: 1 一、 2 （一） 3 1. 4 （1） (B-6).
        level: String,
        /// Its depth in the outline, which skips no level.
        depth: String,
        /// Whether it may not end a page, since what stands under it follows (9).
        #[serde(rename = "keeps-next")]
        keeps_next: bool,
        /// The text.
        runs: Vec<TextRun>,
    },
    /// A paragraph.
    Paragraph {
        /// The text.
        runs: Vec<TextRun>,
    },
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

/// One entry of the attachment list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentEntry {
    /// `1.`, or nothing where there is one attachment (B-9).
    pub number: Option<String>,
    /// The attachment's name.
    pub title: Vec<TextRun>,
}

/// 署名 and 成文日期.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignOff {
    /// 发文机关署名, left to right.
    pub names: Vec<String>,
    /// 成文日期.
    pub date: String,
}

/// 版记.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Colophon {
    /// Page breaks before the colophon, an entry each.
    pub page_breaks: Vec<String>,
    /// 主送机关 moved here, with the full stop (V-5).
    pub recipients: Option<String>,
    /// 抄送机关 with the full stop.
    pub copies: Option<String>,
    /// 印发机关.
    pub office: String,
    /// 印发日期 with 印发.
    pub printed: String,
}
