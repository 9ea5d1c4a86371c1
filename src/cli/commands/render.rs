//! `hongtou render`: renders one submission as a PDF.

use std::io::Write;
use std::path::Path;

use crate::cli::arguments::RenderArguments;
use crate::cli::atomic_file;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::generate::{GenerateError, generate};
use crate::render::typesetter::Typesetter;
use crate::validate::findings::violation::Violation;

/// Renders a submission.
///
/// # Errors
/// Returns `CliError::Input`, `CliError::Fonts` or `CliError::Output` if a file cannot be read or
/// written, and `CliError::Render` if typesetting fails.
pub fn run(arguments: &RenderArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let body = input::read(&arguments.submission.file)?;
    let typesetter = Typesetter::new(font_set(arguments.fonts.fonts.as_deref())?);
    let generated = match generate(&body, &typesetter) {
        Ok(generated) => generated,
        Err(error) => return refuse(error),
    };
    if arguments.output == Path::new("-") {
        out.write_all(&generated.pdf)?;
        warn(&generated.warnings);
        return Ok(Outcome::Done);
    }
    atomic_file::write(&arguments.output, &generated.pdf)
        .map_err(|cause| CliError::Output { path: arguments.output.clone(), cause })?;
    warn(&generated.warnings);
    let path = arguments.output.display();
    writeln!(out, "已生成 {path}（{}页，SHA-256 {}）", generated.pages, generated.pdf_sha256)?;
    Ok(Outcome::Done)
}

/// Says why a submission is refused.
///
/// # Errors
/// Returns `CliError::Render` if typesetting failed.
pub fn refuse(error: GenerateError) -> Result<Outcome, CliError> {
    match error {
        GenerateError::Render(error) => return Err(error.into()),
        GenerateError::Unreadable(unreadable) => eprintln!("{unreadable}"),
        GenerateError::Refused(findings) => {
            eprintln!("公文不符合规定，未生成。错误{}处：", findings.errors.len());
            list(&findings.errors);
            warn(&findings.warnings);
        }
    }
    Ok(Outcome::Refused)
}

fn warn(warnings: &[Violation]) {
    if !warnings.is_empty() {
        eprintln!("提醒{}处：", warnings.len());
        list(warnings);
    }
}

fn list(violations: &[Violation]) {
    for violation in violations {
        eprintln!("{violation}");
    }
}
