//! 绩效评价自评: exact points, the score sheet and the project table.

pub mod not_applicable;
pub mod points;
pub mod amount;
pub mod project;
pub mod sheet;
pub mod wording;
