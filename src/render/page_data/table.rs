//! A table as printed, in the shape its template reads.

use serde::Serialize;

use crate::render::page_data::text::TextRun;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableData {
    /// 表题.
    pub caption: Option<Vec<TextRun>>,
    /// The share of the width of each column.
    pub shares: Vec<u32>,
    /// Rows that repeat on each page.
    pub head: Vec<Vec<CellData>>,
    /// The other rows.
    pub rows: Vec<Vec<CellData>>,
    /// The heights of the rows in half lines, 0 if the texts of a row decide it; empty if they
    /// decide all.
    pub heights: Vec<usize>,
    /// The last of them, where they begin a side together (B-18, T-2).
    pub carried: Vec<Vec<CellData>>,
    /// The heights of these.
    pub carried_heights: Vec<usize>,
    /// Whether the table stays whole and goes with what follows it.
    pub whole: bool,
    /// Whether it stands on the table before without a gap.
    pub joined: bool,
    /// Half lines of the grid below the table, so that the text below stands on the grid (PG-7).
    pub half_lines_below: usize,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CellData {
    /// The text.
    pub runs: Vec<TextRun>,
    /// The end of the text, where it begins the next side (B-18).
    pub carried: Vec<TextRun>,
    /// The number of columns it spans.
    pub column_span: usize,
    /// The number of rows it spans.
    pub row_span: usize,
    /// `left`, `center` or `right`.
    pub align: String,
    /// Whether a page may end inside it: a cell over several rows, or one taller than a page.
    pub breakable: bool,
    /// Whether this cell tells where its row stands; one cell of each row does.
    pub begins_row: bool,
    /// Whether it is the header of its rows (PDF/UA).
    pub heads_rows: bool,
    /// Whether it has rules around it.
    pub has_rules: bool,
}
