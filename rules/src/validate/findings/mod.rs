//! Places, violations and their sentences, which all checks use.

pub(crate) mod checker;
pub(crate) mod place;
pub mod place_name;
pub(crate) mod shape;
pub mod violation;
