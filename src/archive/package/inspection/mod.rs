//! 四性检测 (DA/T 70-2018), item by item: of a filing in the archive and of a package.

pub mod items;
mod metadata;
pub mod package;
pub mod filing;
mod formats;

pub use formats::{to_html, to_xml};
