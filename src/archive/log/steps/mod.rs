//! The steps that continue the log.

pub mod keeper;
mod sequence;
mod integrate;
mod publish;
pub mod recover;
