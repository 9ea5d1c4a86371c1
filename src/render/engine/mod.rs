//! Typst's input and output: the world it compiles, and the export of its pages.

pub(crate) mod page_number_cache;
pub(crate) mod world;
pub(crate) mod page_number;
pub mod export;
mod print_settings;
pub mod picture;
pub mod page_pictures;
pub mod page_text;
pub mod versions;
pub mod transfer_form;
