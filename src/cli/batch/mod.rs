//! `hongtou batch`: one filing per line, on all cores.

pub mod command;
mod lines;
mod workers;
mod line_result;
mod in_order;
mod manifest;
mod progress;
