//! 附件: what a document carries behind its text (B-21 to B-23).

use serde::{Deserialize, Serialize};

/// An attachment that the list names; its content, where there is one, follows on a side of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// 附件名称.
    pub title: String,
    /// Which way its sides are turned.
    pub orientation: Orientation,
}

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
