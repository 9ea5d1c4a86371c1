//! Integration tests, one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tidy;
mod fixture;
mod numbers;
mod hostile_text;
mod score_changes;
mod validation;
mod seed;
mod ruler;
mod geometry;
mod masthead;
mod page;
mod closing;
mod closing_room;
mod colophon;
mod forms;
mod letter;
mod command;
mod minutes;
mod pdf;
mod agency_fonts;
mod http;
mod permits;
mod serve;
mod cli;
