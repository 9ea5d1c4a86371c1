//! 绩效评价自评: exact points and a consistent score sheet.

pub mod points;
pub mod amount;
pub mod project;
pub mod sheet;
