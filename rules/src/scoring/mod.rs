//! 绩效评价自评: points that are exact and a score sheet that adds up.

pub mod points;
pub mod amount;
pub mod project;
pub mod sheet;
