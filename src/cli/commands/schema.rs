//! `hongtou schema`: prints the JSON Schema of the input.

use std::io::Write;

use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::submission::shape::json_schema;

/// Prints the schema.
///
/// # Errors
/// Returns `CliError::Stdout` if standard output cannot be written.
pub fn run(out: &mut impl Write) -> Result<Outcome, CliError> {
    writeln!(out, "{:#}", json_schema())?;
    Ok(Outcome::Done)
}
