//! What checks share: places, violations and their sentences.

pub(crate) mod checker;
pub(crate) mod place;
pub mod place_name;
pub(crate) mod shape;
pub mod violation;
