//! Tables: cells on a grid of columns, some spanning several rows or columns (T-1, T-2).

use serde::{Deserialize, Serialize};

use crate::document::rich_text::RichText;

/// A table in parts, which are joined and have the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableParts {
    /// Tables without a gap between them, never empty; each repeats its own head.
    pub parts: Vec<Table>,
    /// Whether the author gave the widths of the columns.
    pub has_widths: bool,
}

/// A table whose rows fill its columns exactly. The head is repeated on each page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// 表题.
    pub caption: Option<String>,
    /// The unit of its figures: 单位：万元.
    pub unit: Option<String>,
    /// The share of the width of each column.
    pub shares: Vec<u32>,
    /// 表头; may be empty.
    pub head: Vec<Vec<Cell>>,
    /// The rows below the head, never empty. No cell of the head spans into them.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell, stored in the first row that it spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text; may be empty.
    pub text: RichText,
    /// The first column that it spans, counted from 0.
    pub column: usize,
    /// The number of columns that it spans.
    pub column_span: usize,
    /// The number of rows that it spans.
    pub row_span: usize,
    /// The alignment of the text.
    pub align: ColumnAlign,
    /// The number of full-width blanks before the text.
    pub indent: usize,
    /// Whether it is the header of its rows.
    pub heads_rows: bool,
    /// Whether it is a note below the table, without rules around it.
    pub is_note: bool,
}

/// The alignment of the cells of a column.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "单元格的对齐方式")]
pub enum ColumnAlign {
    /// Left.
    #[schemars(description = "左对齐")]
    #[serde(rename = "left")]
    Left,
    /// Centred.
    #[default]
    #[schemars(description = "居中")]
    #[serde(rename = "center")]
    Center,
    /// Right.
    #[schemars(description = "右对齐")]
    #[serde(rename = "right")]
    Right,
}

/// Places cells row by row, each in the first free column.
#[derive(Debug)]
pub struct Grid {
    // For each column, the number of following rows that a cell from above occupies.
    taken: Vec<usize>,
}

/// Why a row does not fill its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridFault {
    /// There is no room for a cell.
    TooWide,
    /// Columns stay empty.
    TooNarrow {
        /// The number of filled columns.
        filled: usize,
    },
    /// No cell begins in the row.
    NoCell,
}

impl Grid {
    /// Creates a grid of `columns` free columns.
    pub fn new(columns: usize) -> Self {
        Self { taken: vec![0; columns] }
    }

    /// Places a row of cells, each given by the columns and rows it spans, and returns the column of each.
    ///
    /// # Errors
    /// Fails if the cells do not fill the free columns exactly.
    pub fn row(&mut self, spans: &[(usize, usize)]) -> Result<Vec<usize>, GridFault> {
        let columns = self.taken.len();
        let mut next: Vec<usize> = self.taken.iter().map(|rows| rows.saturating_sub(1)).collect();
        let mut free: Vec<bool> = self.taken.iter().map(|rows| *rows == 0).collect();
        let mut placed = Vec::with_capacity(spans.len());
        for &(wide, high) in spans {
            let start = free.iter().position(|free| *free).ok_or(GridFault::TooWide)?;
            let end = start + wide;
            if end > columns || !free[start..end].iter().all(|free| *free) {
                return Err(GridFault::TooWide);
            }
            free[start..end].fill(false);
            next[start..end].fill(high - 1);
            placed.push(start);
        }
        if spans.is_empty() {
            return Err(GridFault::NoCell);
        }
        let empty = free.iter().filter(|free| **free).count();
        if empty > 0 {
            return Err(GridFault::TooNarrow { filled: columns - empty });
        }
        self.taken = next;
        Ok(placed)
    }

    /// Whether no cell extends below the last row.
    pub fn is_closed(&self) -> bool {
        self.taken.iter().all(|rows| *rows == 0)
    }
}
