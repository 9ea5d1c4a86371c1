//! A table as printed, in the shape that its template reads.

use serde::Serialize;

use crate::render::page_data::text::TextRun;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableData {
    /// 表题.
    pub caption: Option<Vec<TextRun>>,
    /// The unit of its figures, at the right above the table.
    pub unit: Option<Vec<TextRun>>,
    /// The relative width of each column.
    pub shares: Vec<u32>,
    /// Rows that repeat on each page.
    pub head: Vec<Vec<CellData>>,
    /// The other rows.
    pub rows: Vec<Vec<CellData>>,
    /// The heights of these rows in half lines, 0 for a row whose texts decide it. Empty if all are 0.
    pub heights: Vec<usize>,
    /// The rows after those, if they begin a page together (B-18, T-2).
    pub carried: Vec<Vec<CellData>>,
    /// The heights of the carried rows, like `heights`.
    pub carried_heights: Vec<usize>,
    /// Whether the table stays on one page, together with what follows it.
    pub unbreakable: bool,
    /// Whether the table follows the previous one without a gap.
    pub joined: bool,
    /// Space below the table in half lines, so that the text below is on the grid (PG-7).
    pub half_lines_below: usize,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CellData {
    /// The text.
    pub runs: Vec<TextRun>,
    /// The rest of the text, if it begins the next page (B-18).
    pub carried: Vec<TextRun>,
    /// The number of columns it spans.
    pub column_span: usize,
    /// The number of rows it spans.
    pub row_span: usize,
    /// `left`, `center` or `right`.
    pub align: String,
    /// The number of characters by which the text is indented.
    pub indent: usize,
    /// Whether a page break may split it: true if it spans rows or is taller than a page.
    pub breakable: bool,
    /// Whether the cell contains the label that locates its row. One cell of each row does.
    pub has_row_label: bool,
    /// Whether the cell is the header of its rows (PDF/UA).
    pub heads_rows: bool,
    /// Whether the cell has rules around it.
    pub has_rules: bool,
}
