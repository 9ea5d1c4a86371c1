//! The requests about drafts: contents, versions, numbers (取号) and approval (审签).

pub mod record;
pub mod members;
pub mod write;
pub mod list;
pub mod read;
pub mod steps;
pub mod numbers;
pub mod sequences;
