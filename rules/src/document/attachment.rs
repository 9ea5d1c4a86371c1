//! 附件: what is attached to a document (B-21 to B-23).

use serde::{Deserialize, Serialize};

/// The orientation of a page (T-1).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "纸张方向")]
pub enum Orientation {
    /// Upright.
    #[default]
    #[schemars(description = "竖向")]
    Portrait,
    /// Turned, the head of the table at the left edge of the sheet.
    #[schemars(description = "横向，表头在纸的左侧")]
    Landscape,
}

/// How an attachment is bound (B-21, B-23).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "附件的装订")]
pub enum AttachmentBinding {
    /// Bound with the text, under 附件 and its number.
    #[default]
    #[schemars(description = "与正文一起装订，附件首页写“附件”及其序号")]
    Together,
    /// Bound separately: 发文字号 is printed before 附件 to show which document it belongs to.
    #[schemars(description = "单独装订，“附件”之前写发文字号")]
    Separate,
}
