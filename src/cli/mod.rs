//! The command line.

pub mod run;
pub mod arguments;
pub mod settings;
pub mod commands;
pub mod batch;
pub mod outcome;
pub mod error;
pub mod input;
mod font_folder;
pub mod atomic_file;
pub mod local_token;
mod log_key;
pub mod data_folder;
pub mod process;
