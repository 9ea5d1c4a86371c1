//! The settings of the server: flags, environment and settings file.

pub mod access;
pub mod config;
pub mod jobs;
pub mod log;
pub mod quotas;
pub mod settings_file;
pub mod storage;
pub mod trust;
