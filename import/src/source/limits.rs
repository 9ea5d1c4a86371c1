//! How much of a file is read.

/// The most bytes that a file may have, packed or unpacked.
pub const UNPACKED: usize = 64 << 20;

/// The most lines or paragraphs that are read.
pub const LINES: usize = 20_000;

/// The most cells of all tables together.
pub const CELLS: usize = 50_000;
