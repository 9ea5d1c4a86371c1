//! Drafts: their contents and versions, the numbers reserved for them, and their approval (审签).

pub mod approval;
pub mod content;
pub mod error;
pub mod version;
pub mod record;
pub mod save;
pub mod history;
pub mod find;
pub mod steps;
pub mod numbers;
pub mod sequences;
pub mod file;
