//! Integration tests, one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "the tests of `rules/` use the rest")]
#[path = "../../rules/tests/it/fixture.rs"]
mod fixture;
mod fixtures;
mod house;
mod pages;
mod elements;
mod file;
mod signature;
mod renderer;
mod preservation;
mod archive;
mod http;
mod cli;
