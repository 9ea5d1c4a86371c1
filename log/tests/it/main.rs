//! Tests of the log: against vectors, against other implementations, and against random trees.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod vectors;
mod trees;
mod oracles;
mod notes;
mod witnesses;
