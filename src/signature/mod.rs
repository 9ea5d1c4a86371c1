//! Reads and judges the signatures of PDFs handed in. Knows no archive, no HTTP and no clock.

pub mod container;
pub mod verdict;
pub mod trust;
pub mod judge;
