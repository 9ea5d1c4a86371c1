//! The command line, and the server as a process.

pub(crate) mod exit_codes;
pub(crate) mod archive_move;
pub(crate) mod batch;
pub(crate) mod keys;
pub(crate) mod server;
pub(crate) mod serve;
pub(crate) mod validations;
pub(crate) mod settings;
pub(crate) mod data_folder;
pub(crate) mod sign;
