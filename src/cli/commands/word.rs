//! `hongtou word`: writes the Word copy of one submission.

use std::io::Write;
use std::path::Path;

use crate::cli::arguments::WordArguments;
use crate::cli::atomic_file;
use crate::cli::commands::render::refuse;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::generate::word_copy;
use crate::render::typesetter::Typesetter;

/// Writes the Word copy of a submission.
///
/// # Errors
/// Returns `CliError::Input`, `CliError::Fonts` or `CliError::Output` if a file cannot be read or
/// written, and `CliError::Render` if typesetting fails.
pub fn run(arguments: &WordArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let body = input::read(&arguments.submission.file)?;
    let typesetter = Typesetter::new(font_set(arguments.fonts.fonts.as_deref())?);
    let copy = match word_copy(&body, &typesetter) {
        Ok(copy) => copy,
        Err(error) => return refuse(error),
    };
    if arguments.output == Path::new("-") {
        out.write_all(&copy)?;
        return Ok(Outcome::Done);
    }
    atomic_file::write(&arguments.output, &copy)
        .map_err(|cause| CliError::Output { path: arguments.output.clone(), cause })?;
    writeln!(out, "已生成 {}（供编辑，正式公文以PDF为准）", arguments.output.display())?;
    Ok(Outcome::Done)
}
