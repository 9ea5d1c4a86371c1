//! The command line.

pub mod run;
pub mod arguments;
pub mod settings;
pub mod commands;
pub mod batch;
pub mod outcome;
pub mod help;
mod cores;
pub mod error;
pub mod usage;
pub mod input;
mod font_folder;
pub mod atomic_file;
pub mod logging;
mod phases;
