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
mod cell_invariants;
mod invariants;
mod every_fixture;
mod random_text;
mod random_filing;
mod random_table;
mod random;
mod typesetting;
mod heavy_text;
mod pictures;
mod page;
mod attachments;
mod bounds;
mod tables;
mod closing;
mod closing_room;
mod colophon;
mod forms;
mod letter;
mod command;
mod minutes;
mod pdf;
mod agency_fonts;
mod archive;
mod filings;
mod stored_files;
mod idempotency;
mod http;
mod access;
mod permits;
mod kept;
mod serve;
mod cli;
mod batch;
