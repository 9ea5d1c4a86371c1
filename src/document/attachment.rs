//! 附件: what a document carries behind its text (B-21 to B-23).

use serde::{Deserialize, Serialize};

/// Which way a side is turned (T-1).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// Turned, the head of the table at the left edge of the sheet.
    Landscape,
}

/// How an attachment is bound (B-21, B-23).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentBinding {
    /// With the text: 附件 and its number head it.
    #[default]
    Together,
    /// By itself: 发文字号 stands before 附件, so that it can be told what it belongs to.
    Separate,
}
