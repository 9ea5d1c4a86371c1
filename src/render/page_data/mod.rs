//! Every string of a filing as printed, in the shape that the templates read.

pub mod table;
pub mod text;

use serde::Serialize;

use crate::render::page_data::table::TableData;
use crate::render::page_data::text::{Paragraph, TextRun};

/// The contents of `data.cbor`: display strings, numbers, and flags that control the layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageData {
    /// The template: `report`, `letter` or `command`.
    pub form: &'static str,
    /// The metadata of the PDF.
    pub metadata: Metadata,
    /// Whether odd and even pages are bound at opposite edges (PG-15).
    pub mirrored: bool,
    /// Changes to the theme in this pass. Serialised separately, as `fit.cbor`.
    #[serde(skip)]
    pub theme_fit: ThemeFit,
    /// 版头.
    pub masthead: Masthead,
    /// The lines of 标题.
    pub title: Vec<String>,
    /// 题注 in its brackets, below the title.
    pub note: Option<String>,
    /// 主送机关 with the colon, if they are below the title.
    pub primary_recipients: Option<String>,
    /// 正文.
    pub body: Vec<BodyPart>,
    /// How the last paragraph of the text may split (B-18).
    pub text_split: TextSplit,
    /// The number of lines of the last paragraph of the text; 0 if the text ends with another part.
    pub last_paragraph_lines: usize,
    /// 附件说明.
    pub attachment_list: Vec<AttachmentEntry>,
    /// 出席, 请假 and 列席 of minutes.
    pub attendance: Vec<AttendanceRow>,
    /// Whether 附件说明 is too long to share a page with the closing and lines of text (B-18).
    pub long_attachment_list: bool,
    /// Whether the list of attachments moves to the next page with the closing, without text (7.3.3).
    pub list_ends_text: bool,
    /// 署名 and 成文日期.
    pub sign_off: SignOff,
    /// Attachments with content, after the closing (B-21).
    pub attached: Vec<AttachedPages>,
    /// 附注, a line each, in brackets (B-20).
    pub annotation: Vec<String>,
    /// 版记.
    pub colophon: Colophon,
}

/// How the last paragraph of the text may split if its end moves to the next page with the closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextSplit {
    /// With two lines on either page at least.
    Forbidden,
    /// With one line on either page.
    OneAndOne,
    /// With one line on the first page.
    OneAndMore,
}

impl PageData {
    /// Counts the lines of the last paragraph of the text.
    pub(crate) fn count_last_lines(&self) -> usize {
        match self.body.last() {
            Some(BodyPart::Paragraph(text)) => text.line_count(&[]),
            Some(BodyPart::RunIn { lead, text, .. }) => text.line_count(lead),
            Some(BodyPart::Heading { .. } | BodyPart::Listed { .. } | BodyPart::Table(_))
            | None => 0,
        }
    }
}

/// The contents of `fit.cbor`: changes to the theme in one pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ThemeFit {
    /// How far spacing before and in the closing shrinks: an index into the steps of theme.typ (B-18).
    pub closing_step: usize,
}

/// The metadata of the PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Metadata {
    /// 标题 in one line.
    pub title: String,
    /// 发文机关.
    pub authors: Vec<String>,
    /// 发文字号.
    pub keywords: Vec<String>,
    /// 发文字号 and 成文日期.
    pub description: String,
    /// Year of 成文日期.
    pub year: i32,
    /// Month of 成文日期.
    pub month: u32,
    /// Day of 成文日期.
    pub day: u32,
}

/// 版头.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Masthead {
    /// 份号, 密级 and 紧急程度, one line each (H-1 to H-4).
    pub labels: Vec<String>,
    /// The names in 发文机关标志, the lead agency first.
    pub mark_names: Vec<String>,
    /// The size of the names: an index into `mark-sizes` of theme.typ (H-7, H-9).
    pub mark_size: usize,
    /// 文件 after the names, if the mark has it.
    pub suffix: Option<String>,
    /// 发文字号.
    pub document_number: String,
    /// The position of 发文字号.
    pub number_place: NumberPlace,
    /// 签发人 by row.
    pub signatories: Vec<Vec<String>>,
}

/// The position of 发文字号.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberPlace {
    /// Centred, if there are no 签发人 (H-10).
    Centred,
    /// On the line of the last 签发人 (H-12).
    Beside,
    /// Below 签发人, if both do not fit on one line.
    Below,
}

/// A heading, a paragraph or a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyPart {
    /// A numbered heading.
    Heading {
        /// The format of its number: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1） (B-6).
        level: usize,
        /// Its level in the outline of the PDF, where no level is skipped.
        depth: usize,
        /// Whether a page break after it is forbidden, because its own text follows (section 9).
        #[serde(rename = "keeps-next")]
        keeps_next: bool,
        /// Whether it is in the middle of its line, as the heading of a chapter is.
        centred: bool,
        /// The text.
        #[serde(flatten)]
        text: Paragraph,
    },
    /// A paragraph that begins with a heading or the number of an article.
    RunIn {
        /// The format of the number, which decides the typeface of the beginning (B-6).
        level: usize,
        /// The beginning.
        lead: Vec<TextRun>,
        /// The text after it, and the line breaks of the whole paragraph.
        #[serde(flatten)]
        text: Paragraph,
    },
    /// A paragraph.
    Paragraph(Paragraph),
    /// A line of a list of names.
    Listed {
        /// The label with its colon, empty below the first name of a group.
        label: String,
        /// The width of the column of labels, in characters.
        #[serde(rename = "label-cells")]
        label_cells: usize,
        /// The name and what follows it.
        runs: Vec<TextRun>,
    },
    /// A table.
    Table(TableData),
}

/// An attachment with content, on pages of its own (B-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttachedPages {
    /// 附件 and its number; `None` for the text that the document issues.
    pub label: Option<String>,
    /// The lines of its title.
    pub title: Vec<String>,
    /// 题注 in its brackets.
    pub note: Option<String>,
    /// Whether its pages are landscape (T-1).
    pub landscape: bool,
    /// The strip at the foot of the sheet that is free for the colophon, in thousandths of the height of
    /// the type area; 0 if there is none.
    pub strip: u32,
    /// The labels and texts of its cover page; empty if it has none.
    pub cover: Vec<[String; 2]>,
    /// Its content.
    pub body: Vec<BodyPart>,
    /// The list of its own attachments.
    pub attachment_list: Vec<AttachmentEntry>,
    /// What an issued text has of a document of its own, if it has any of it.
    pub elements: Option<IssuedPageElements>,
}

/// What an issued text has of a document of its own, as one that is forwarded (转发, B-25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedPageElements {
    /// 发文字号, below the title.
    pub document_number: Option<String>,
    /// The lines of 署名 below the title, and of the date in brackets.
    pub signed_below_title: Vec<String>,
    /// 主送机关 with the colon.
    pub primary_recipients: Option<String>,
    /// 署名 and 成文日期 below the text; never with seals.
    pub sign_off: SignOff,
    /// 附注, a line each, in brackets.
    pub annotation: Vec<String>,
    /// Whether the attachment list is too long to share a page with the closing and lines of text (B-18).
    pub long_attachment_list: bool,
}

/// An entry of the attachment list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentEntry {
    /// `1.`, or `None` if there is only one attachment (B-9).
    pub number: Option<String>,
    /// The name of the attachment.
    pub title: Vec<TextRun>,
}

/// One row of the attendance of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttendanceRow {
    /// 出席, 请假 or 列席 with the colon.
    pub label: &'static str,
    /// The names.
    pub names: Vec<TextRun>,
}

/// The lines of one name or 职务.
pub type NameLines = Vec<String>;

/// 署名 and 成文日期.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignOff {
    /// With free space for seals (B-10 to B-12).
    Sealed {
        /// 发文机关署名 by row, each from left to right.
        rows: Vec<Vec<NameLines>>,
        /// 成文日期.
        date: String,
    },
    /// Without seals (B-14, B-15).
    Unsealed {
        /// 发文机关署名, from top to bottom.
        names: Vec<NameLines>,
        /// 成文日期.
        date: String,
    },
    /// With free space for 签名章 (B-16).
    Stamped {
        /// 签发人职务, from top to bottom.
        positions: Vec<NameLines>,
        /// 成文日期.
        date: String,
    },
    /// Only the date, as in minutes.
    DateAlone {
        /// 成文日期.
        date: String,
    },
    /// Neither, as 题注 has the date.
    Absent,
}

/// 版记.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Colophon {
    /// The number of page breaks before the colophon.
    pub page_breaks: usize,
    /// Whether it is longer than a page and continues on the next.
    pub flows: bool,
    /// 主送机关 with the full stop, if they are here (V-5).
    pub primary_recipients: Option<Vec<TextRun>>,
    /// 抄送机关 with the full stop.
    pub copy_recipients: Option<Vec<TextRun>>,
    /// 印发机关, if it is printed.
    pub printing_office: Option<String>,
    /// 印发日期 followed by 印发.
    pub printing_date: Option<String>,
}
