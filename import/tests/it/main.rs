//! The integration tests, in one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod compare;
mod docx;
mod full_workbooks;
mod hostile;
mod losses;
mod nothing_lost;
mod printed;
mod printed_issued;
mod texts;
mod units;
mod word;
mod workbooks;
