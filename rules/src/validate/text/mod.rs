//! The checks of single texts and their characters.

pub(crate) mod rule;
pub(crate) mod running;
pub mod characters;
pub mod font_coverage;
pub mod lookalikes;
mod radicals;
pub mod typeface;
pub(crate) mod text_total;
pub(crate) mod own_scores;
mod inserted;
pub(crate) mod context;
