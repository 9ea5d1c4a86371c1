//! The checks of score sheets and project tables.

pub(crate) mod entry;
pub(crate) mod grade;
pub(crate) mod sheet;
pub(crate) mod sums;
pub(crate) mod narratives;
pub(crate) mod reasons;
pub(crate) mod score_word;
mod lost;
mod targets;
mod group_points;
pub(crate) mod project;
pub(crate) mod funds;
