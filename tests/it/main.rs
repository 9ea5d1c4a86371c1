//! Integration tests, one binary.

mod cli;
mod http;
mod permits;
mod serve;
