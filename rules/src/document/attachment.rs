//! 附件: what is attached to a document (B-21 to B-23).

use serde::{Deserialize, Serialize};

/// The orientation of a page (T-1).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "纸张方向")]
pub enum Orientation {
    /// Portrait (竖向).
    #[default]
    #[schemars(description = "竖向")]
    #[serde(rename = "portrait")]
    Portrait,
    /// Landscape (横向): the head of a table is at the left edge of the page.
    #[schemars(description = "横向，表头在纸的左侧")]
    #[serde(rename = "landscape")]
    Landscape,
}

/// How an attachment is bound (B-21, B-23).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "附件的装订")]
pub enum AttachmentBinding {
    /// With the text; the first page starts with 附件 and its number.
    #[default]
    #[schemars(description = "与正文一起装订，附件首页写“附件”及其序号")]
    #[serde(rename = "together")]
    Together,
    /// Separately; 发文字号 is printed before 附件.
    #[schemars(description = "单独装订，“附件”之前写发文字号")]
    #[serde(rename = "separate")]
    Separate,
}
