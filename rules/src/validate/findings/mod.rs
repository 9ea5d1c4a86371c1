//! What checks share: places, violations and their sentences.

pub(crate) mod checker;
pub(crate) mod key_name;
pub(crate) mod place;
pub(crate) mod shape;
pub mod violation;
