//! Fits the columns of tables to their texts and breaks the lines of cells.

pub(crate) mod columns;
pub(crate) mod widths;
pub(crate) mod breaks;
pub(crate) mod cell_text;
pub(crate) mod number_breaks;
