//! Keeps the log: numbers entries, signs checkpoints, and asks witnesses and time stamp authorities.

pub mod settings;
pub mod keep;
mod request;
mod witnesses;
mod stamps;
pub mod outside;
