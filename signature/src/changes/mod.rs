//! Finds the changes of each later revision and separates those that signing permits.

pub mod change;
pub mod compare;
mod pages;
mod shared;
mod security_store;
mod metadata;
pub(crate) mod page_text;
pub mod derivation;
mod acro_form;
mod locks;
pub mod comparison;
