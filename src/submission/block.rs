//! Text in blocks as posted: headings, paragraphs and tables of a body or an attachment.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::table::ColumnAlign;
use crate::submission::cell::PostedCell;

/// A block as posted: exactly one of its keys is there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedBlock {
    /// A heading; its number is derived.
    #[serde(default)]
    pub heading: Option<PostedHeading>,
    /// A paragraph.
    #[serde(default)]
    pub paragraph: Option<String>,
    /// A table.
    #[serde(default)]
    pub table: Option<PostedTable>,
}

/// A heading as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedHeading {
    /// 1 一、, 2 （一）, 3 1., 4 （1）.
    pub level: i64,
    /// The heading without its number.
    pub title: String,
}

/// A table as posted: head rows repeat on each page, rows are not split.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedTable {
    /// 表题, above the table.
    #[serde(default)]
    pub caption: Option<String>,
    /// The columns from left to right.
    pub columns: Vec<PostedColumn>,
    /// 表头.
    #[serde(default)]
    pub head: Option<Vec<Vec<PostedCell>>>,
    /// The rows under the head. A cell that spans rows or columns is written once, where it begins.
    pub rows: Vec<Vec<PostedCell>>,
}

/// A column as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedColumn {
    /// Share of the width, 1 to 100, of all columns or of none; without it all are equally wide.
    #[serde(default)]
    pub width: Option<i64>,
    /// How its cells stand; in the middle where nothing is said.
    #[serde(default)]
    pub align: Option<ColumnAlign>,
}
