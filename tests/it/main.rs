//! Integration tests, one binary.

mod fixture;
mod numbers;
mod hostile_text;
mod score_changes;
mod validation;
mod seed;
mod ruler;
mod geometry;
mod page;
mod closing;
mod closing_room;
mod colophon;
mod pdf;
mod http;
mod permits;
mod serve;
mod cli;
