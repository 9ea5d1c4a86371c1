//! Fixity: every object is read again from time to time, and compared with its name and its records.

pub mod finding;
pub mod progress;
pub mod prefix;
pub mod round;
mod logged;
