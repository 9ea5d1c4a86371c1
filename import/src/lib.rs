//! Reads spreadsheets, Word files and text into submissions, and writes the spreadsheet template.
//!
//! Every file is untrusted: its size after unpacking, its number of rows and its nesting are limited
//! before anything is built from it.

pub mod report;
pub mod source;
pub mod workbook;
mod genre;

use crate::report::Import;
use crate::source::error::ImportError;
use crate::source::kind::FileKind;
use crate::source::{text, word};

/// Reads a file into a submission. The kind of the file is found from its content.
///
/// # Errors
/// Returns `ImportError` if the file is none of the known kinds, is damaged, encrypted or too large.
/// Faults of its content are in the result.
pub fn import(file: &[u8]) -> Result<Import, ImportError> {
    match FileKind::of(file)? {
        FileKind::Text => Ok(genre::read(FileKind::Text, &text::pieces(file)?)),
        FileKind::Word => Ok(genre::read(FileKind::Word, &word::pieces(file)?)),
        FileKind::Workbook => workbook::read(file),
    }
}
