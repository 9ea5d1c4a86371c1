//! `hongtou batch`: one filing a line, on all cores.

pub mod command;
mod lines;
mod workers;
mod outcome;
mod in_order;
mod manifest;
mod progress;
