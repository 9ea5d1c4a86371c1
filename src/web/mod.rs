//! The page of the office: the files in `web/`, which are part of the program.

pub mod assets;
pub mod page;
