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
