//! The Typst engine: the world it sees, and what is made of its pages.

pub(crate) mod world;
pub(crate) mod export;
pub mod picture;
pub(crate) mod folio;
