//! Reads a submission from a file or, for `-`, from standard input.

use std::io::{self, Read};
use std::path::Path;

use crate::cli::error::CliError;

/// Reads the bytes of a submission.
///
/// # Errors
/// Returns `CliError::Input` if the file cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|cause| CliError::Input { path: path.to_owned(), cause })
}
