//! What a later revision of a file adds and changes, held against what signing may add.

pub mod what;
pub mod compare;
mod pages;
mod store;
mod metadata;
pub(crate) mod page_text;
pub mod derivation;
mod acro_form;
pub mod comparison;
