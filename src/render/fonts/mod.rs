//! The fonts and the widths of their characters.

mod face_chains;
pub mod font_set;
pub mod uploaded;
pub(crate) mod advances;
