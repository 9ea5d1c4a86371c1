//! The parts of a file before they are understood: lines of text and tables, each with its place.

pub mod archive;
pub mod error;
pub mod kind;
pub mod limits;
pub mod piece;
pub mod text;
pub mod word;
