//! What a later revision of a file adds and changes, held against what signing may add.

pub mod what;
pub mod compare;
mod form;
mod pages;
mod store;
mod metadata;
