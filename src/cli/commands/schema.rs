//! `hongtou schema`: the JSON Schema of what may be posted.

use std::io::Write;

use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::submission::shape::json_schema;

/// Says the schema.
///
/// # Errors
/// Where nothing can be said.
pub fn run(out: &mut impl Write) -> Result<Outcome, CliError> {
    writeln!(out, "{:#}", json_schema())?;
    Ok(Outcome::Done)
}
