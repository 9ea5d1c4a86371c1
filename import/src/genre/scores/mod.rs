//! Score sheets in texts and tables.

pub mod points;
pub mod score_table;
pub mod sheet;
pub mod wording;
