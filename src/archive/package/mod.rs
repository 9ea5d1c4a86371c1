//! Packages of the archive: a BagIt bag (RFC 8493) whose payload has the layout of 档发〔2012〕7号.

pub mod error;
pub mod tables;
pub mod writer;
pub mod reader;
pub mod metadata;
mod eep;
mod evidence;
mod transfer_form;
pub mod left_log;
pub mod export;
pub mod import;
pub mod inspection;
