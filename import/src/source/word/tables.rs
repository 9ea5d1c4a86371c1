//! Builds the tables of a Word file. A table inside a cell becomes text of the cell.

use crate::source::error::ImportError;
use crate::source::limits::CELLS;
use crate::source::piece::{Table, TableCell};

/// The most columns of a grid.
const COLUMNS: usize = 200;

/// The open table, its row and its cell.
#[derive(Debug, Default)]
pub struct Tables {
    /// How many tables are inside each other.
    depth: usize,
    /// How many cells of the outermost table are open: 0 or 1.
    table: Table,
    row: Vec<TableCell>,
    cell: Option<OpenCell>,
    is_head: bool,
    cells: usize,
    column: usize,
    /// For each column, the row and index of the cell that continues downwards.
    above: Vec<Option<(usize, usize)>>,
}

#[derive(Debug, Default)]
struct OpenCell {
    text: String,
    span: usize,
    continues: bool,
    restarts: bool,
    align: Option<&'static str>,
}

impl Tables {
    /// Whether a table is open.
    pub fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// Opens `tbl`, `tr` or `tc`.
    ///
    /// # Errors
    /// Returns `ImportError::TooMuch` if there are too many cells.
    pub fn start(&mut self, name: &str) -> Result<(), ImportError> {
        match name {
            "tbl" => {
                self.depth += 1;
                if self.depth == 1 {
                    self.table = Table::default();
                    self.above.clear();
                }
            }
            "tr" if self.depth == 1 => {
                self.row.clear();
                self.column = 0;
                self.is_head = false;
            }
            "tc" if self.depth == 1 => {
                self.cells += 1;
                if self.cells > CELLS {
                    return Err(ImportError::TooMuch { what: "表格", limit: CELLS, unit: "格" });
                }
                self.cell = Some(OpenCell { span: 1, ..OpenCell::default() });
            }
            _ => {}
        }
        Ok(())
    }

    /// A property of the table, its row or its cell.
    pub fn property(&mut self, name: &str, value: Option<String>, width: Option<String>) {
        if self.depth != 1 {
            return;
        }
        match name {
            "gridCol" if self.table.widths.len() < COLUMNS => {
                let width = width.and_then(|width| width.parse().ok());
                self.table.widths.push(width.unwrap_or_default());
            }
            "tblHeader" => self.is_head = true,
            "gridSpan" => {
                if let (Some(cell), Some(span)) =
                    (&mut self.cell, value.and_then(|value| value.parse::<usize>().ok()))
                {
                    cell.span = span.clamp(1, COLUMNS);
                }
            }
            "vMerge" => {
                if let Some(cell) = &mut self.cell {
                    cell.restarts = value.as_deref() == Some("restart");
                    cell.continues = !cell.restarts;
                }
            }
            _ => {}
        }
    }

    /// Adds a paragraph to the open cell.
    pub fn text(&mut self, text: &str, align: &'static str) {
        if let Some(cell) = &mut self.cell {
            cell.text.push_str(text.trim());
            cell.align.get_or_insert(align);
        }
    }

    /// Closes `tbl`, `tr` or `tc`. Returns the table when the outermost one ends.
    ///
    /// # Errors
    /// Returns `ImportError::Damaged` if the elements are not nested as in a table.
    pub fn end(&mut self, name: &str) -> Result<Option<Table>, ImportError> {
        match name {
            "tbl" => {
                self.depth = self.depth.checked_sub(1).ok_or(ImportError::Damaged)?;
                if self.depth == 0 {
                    return Ok(Some(std::mem::take(&mut self.table)));
                }
            }
            "tr" if self.depth == 1 => {
                if self.is_head && self.table.head_rows == self.table.rows.len() {
                    self.table.head_rows += 1;
                }
                self.table.rows.push(std::mem::take(&mut self.row));
            }
            "tc" if self.depth == 1 => self.end_cell(),
            _ => {}
        }
        Ok(None)
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let column = self.column;
        self.column = (self.column + cell.span).min(COLUMNS);
        self.above.resize(self.above.len().max(self.column), None);
        let place = (self.table.rows.len(), self.row.len());
        let above = self.above.get(column).copied().flatten();
        if cell.continues
            && let Some((row, index)) = above
            && let Some(first) = self.table.rows.get_mut(row).and_then(|row| row.get_mut(index))
        {
            first.row_span = place.0 - row + 1;
            first.text.push_str(&cell.text);
            return;
        }
        let below = cell.restarts.then_some(place);
        for column in &mut self.above[column..self.column] {
            *column = below;
        }
        self.row.push(TableCell {
            text: cell.text,
            column,
            column_span: cell.span,
            row_span: 1,
            align: cell.align,
        });
    }
}
