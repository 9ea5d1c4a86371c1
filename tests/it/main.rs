//! Integration tests, one binary.

mod seed;
mod ruler;
mod geometry;
mod page;
mod pdf;
