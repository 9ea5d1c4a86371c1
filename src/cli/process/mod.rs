//! The process: its cores, its log and the signal that stops it.

pub(crate) mod cores;
pub mod logging;
mod phases;
pub(crate) mod stop_signal;
