//! Lines become clean paragraphs.

pub mod clean;
pub mod join;
pub mod marks;
