//! From a `Filing` to the bytes of a PDF/A: page data, Typst layout, export.

mod memory;
mod type_area;
pub mod typesetter;
pub mod error;
pub(crate) mod lines;
mod title;
mod compose;
pub mod page_data;
mod unbreakable;
mod table_cells;
mod layout;
mod fit;
pub mod worker_thread;
pub mod fonts;
pub mod engine;
