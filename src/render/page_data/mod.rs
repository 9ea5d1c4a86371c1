//! Every string of a filing as printed, in the shape the templates read.

pub mod table;

use serde::Serialize;

use crate::render::page_data::table::{AttachedPages, TableData};

/// The contents of `data.cbor`: display strings, numbers, and flags that control layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageData {
    /// The template that lays it out: report, letter or command.
    pub form: &'static str,
    /// The metadata of the PDF.
    pub metadata: Metadata,
    /// Whether the sheets are bound at alternate edges (PG-15).
    pub mirrored: bool,
    /// Theme changes of this pass; stored separately in `fit.cbor`.
    #[serde(skip)]
    pub theme_fit: ThemeFit,
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
    /// 出席, 请假 and 列席 of minutes.
    pub attendance: Vec<AttendanceRow>,
    /// Whether 附件说明 is too long to stand on one side with the closing and the text's end (B-18).
    pub long_attachments: bool,
    /// 署名 and 成文日期.
    pub sign_off: SignOff,
    /// Attachments with content, behind the sign-off (B-21).
    pub attached: Vec<AttachedPages>,
    /// 附注 in its brackets (B-20).
    pub annotation: Option<String>,
    /// 版记.
    pub colophon: Colophon,
}

/// The contents of `fit.cbor`: theme changes of one pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ThemeFit {
    /// How far spacing yields before and in the closing: an index into theme.typ's (B-18).
    pub closing_step: usize,
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
    pub year: i32,
    /// 成文日期, month.
    pub month: u32,
    /// 成文日期, day.
    pub day: u32,
}

/// 版头.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Masthead {
    /// 份号, 密级 and 紧急程度, a line each (H-1 to H-4).
    pub labels: Vec<String>,
    /// The names of the mark, the lead agency first.
    pub marks: Vec<String>,
    /// The size of the names: an index into theme.typ's sizes (H-7, H-9).
    pub step: usize,
    /// 文件, or nothing.
    pub suffix: Option<String>,
    /// 发文字号.
    pub number: String,
    /// Where it stands.
    pub number_place: NumberPlace,
    /// 签发人, row by row.
    pub signatories: Vec<Vec<String>>,
}

/// Where 发文字号 stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberPlace {
    /// In the middle, where there are no 签发人 (H-10).
    Centred,
    /// On the line of the last 签发人 (H-12).
    Beside,
    /// Below 签发人, where both find no room on one line.
    Below,
}

/// A heading, a paragraph or a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyPart {
    /// A heading with its number.
    Heading {
        /// Which of the four kinds of number it has: 1 一、 2 （一） 3 1. 4 （1） (B-6).
        level: usize,
        /// Its depth in the outline, which skips no level.
        depth: usize,
        /// Whether it may not end a page, since what stands under it follows (9).
        #[serde(rename = "keeps-next")]
        keeps_next: bool,
        /// The text.
        #[serde(flatten)]
        text: Paragraph,
    },
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(TableData),
}

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

/// One entry of the attachment list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentEntry {
    /// `1.`, or nothing where there is one attachment (B-9).
    pub number: Option<String>,
    /// The attachment's name.
    pub title: Vec<TextRun>,
}

/// A row of who was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttendanceRow {
    /// 出席, 请假 or 列席 with its colon.
    pub label: &'static str,
    /// The names.
    pub names: String,
}

/// The lines that one name or 职务 takes.
pub type NameLines = Vec<String>;

/// 署名 and 成文日期.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignOff {
    /// With the place for seals left free (B-10 to B-12).
    Sealed {
        /// 发文机关署名, row by row, left to right.
        rows: Vec<Vec<NameLines>>,
        /// 成文日期.
        date: String,
    },
    /// Without seals (B-14, B-15).
    Unsealed {
        /// 发文机关署名, top down.
        names: Vec<NameLines>,
        /// 成文日期.
        date: String,
    },
    /// With the place for 签名章 left free (B-16).
    Stamped {
        /// 签发人职务, top down.
        positions: Vec<NameLines>,
        /// 成文日期.
        date: String,
    },
}

/// 版记.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Colophon {
    /// The number of page breaks before the colophon.
    pub page_breaks: usize,
    /// Whether it is longer than a side and runs on from side to side.
    pub flows: bool,
    /// 主送机关 moved here, with the full stop (V-5).
    pub recipients: Option<Vec<TextRun>>,
    /// 抄送机关 with the full stop.
    pub copies: Option<Vec<TextRun>>,
    /// 印发机关.
    pub office: String,
    /// 印发日期 with 印发.
    pub printed: String,
}
