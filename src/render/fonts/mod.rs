//! The fonts and the widths of their characters.

pub mod font_set;
pub(crate) mod advances;
