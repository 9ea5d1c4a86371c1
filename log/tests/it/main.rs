//! Tests of the log: against vectors, against other implementations, and against random trees.

mod vectors;
mod trees;
mod oracles;
mod notes;
mod witnesses;
