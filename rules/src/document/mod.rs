//! 公文: the elements of an official document as typed values.

pub mod chinese;
pub mod attendance;
pub mod date;
pub mod moment;
pub mod kind;
pub mod masthead;
pub mod measures;
pub mod numeral;
pub mod rich_text;
pub mod sign_off;
pub mod attachment;
pub mod block;
pub mod table;
pub mod title;

use crate::document::attendance::Attendance;
use crate::document::date::DocumentDate;
use crate::document::masthead::number::DocumentNumber;
use crate::document::masthead::{
    Binding, Classification, CopyNumber, Direction, Form, IssuerMark, Urgency,
};
use crate::document::sign_off::Signing;

/// An official document without its scores: masthead 版头, addressees, closing and colophon 版记.
///
/// Invariant: every string is trimmed, not empty and printable in the available fonts. Only
/// `validate()` creates documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialDocument {
    /// 格式: the layout of GB/T 9704-2012 that the document has.
    pub form: Form,
    /// 行文方向: upward 上行, downward 下行, parallel 平行.
    pub direction: Direction,
    /// 发文机关, the lead agency (主办机关) first; never empty, no agency twice.
    pub issuers: Vec<String>,
    /// 发文机关标志 (H-5 to H-8).
    pub issuer_mark: IssuerMark,
    /// 发文字号; for joint documents only that of the lead agency (H-11).
    pub document_number: DocumentNumber,
    /// 签发人 in the order of the issuers; not empty if the direction is upward (H-13).
    pub signatories: Vec<String>,
    /// 份号 (H-1).
    pub copy_number: Option<CopyNumber>,
    /// 密级和保密期限 (H-2).
    pub classification: Option<Classification>,
    /// 紧急程度 (H-3).
    pub urgency: Option<Urgency>,
    /// 标题 without line breaks; the names of joint issuers are separated by a space (B-1).
    pub title: String,
    /// The lines of 标题 if they were posted; otherwise empty, and the layout breaks the title.
    pub title_lines: Vec<String>,
    /// 题注 below the title, without its brackets; of documents that a meeting adopted.
    pub note: Option<String>,
    /// 主送机关 (B-4).
    pub primary_recipients: Vec<String>,
    /// 附件 in their order (B-9).
    pub attachments: Vec<String>,
    /// 发文机关署名 (B-10 to B-15); empty if a meeting adopted the document, and in minutes.
    pub sign_off: Vec<String>,
    /// How the document is signed (B-10 to B-16).
    pub signing: Signing,
    /// 成文日期 (B-17).
    pub document_date: DocumentDate,
    /// 附注, a line each, without their brackets (B-20).
    pub annotation: Vec<String>,
    /// 出席, 请假 and 列席; only minutes have them.
    pub attendance: Option<Attendance>,
    /// 抄送机关 (V-4).
    pub copy_recipients: Vec<String>,
    /// 印发机关 and 印发日期 (V-6); a published document may have none.
    pub printing: Option<Printing>,
    /// The binding edge of the sheets (PG-15).
    pub binding: Binding,
    /// Whether more lines are set on each page if that saves a sheet (PG-7).
    pub fewer_sheets: bool,
}

/// 印发机关 and 印发日期, which share one line of the colophon (V-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printing {
    /// 印发机关, usually the office (办公室) of the lead agency.
    pub office: String,
    /// 印发日期, not before 成文日期.
    pub date: DocumentDate,
}
