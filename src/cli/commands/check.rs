//! `hongtou check`: lists every violation in a submission; renders nothing.

use std::io::{self, Write};

use serde_json::json;

use crate::cli::arguments::CheckArguments;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::generate::{Checked, UnreadableJson, check};

/// Checks a submission.
///
/// # Errors
/// Returns `CliError::Input` or `CliError::Fonts` if the file or the fonts cannot be read.
pub fn run(arguments: &CheckArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let body = input::read(&arguments.submission.file)?;
    let fonts = font_set(arguments.fonts.fonts.as_deref())?;
    let checked = check(&body, fonts.coverage());
    if arguments.format.json {
        print_json(&checked, out)?;
    } else {
        print_for_staff(&checked, out)?;
    }
    Ok(match checked {
        Ok(checked) if checked.valid => Outcome::Done,
        _ => Outcome::Refused,
    })
}

fn print_for_staff(
    checked: &Result<Checked, UnreadableJson>,
    out: &mut impl Write,
) -> io::Result<()> {
    let findings = match checked {
        Ok(checked) => &checked.findings,
        Err(unreadable) => return writeln!(out, "{unreadable}"),
    };
    for violation in &findings.errors {
        writeln!(out, "{violation}")?;
    }
    for warning in &findings.warnings {
        writeln!(out, "提醒 {warning}")?;
    }
    let (n_errors, n_warnings) = (findings.errors.len(), findings.warnings.len());
    match n_errors {
        0 => writeln!(out, "符合规定，提醒{n_warnings}处。"),
        _ => writeln!(out, "不符合规定：错误{n_errors}处，提醒{n_warnings}处。"),
    }
}

fn print_json(checked: &Result<Checked, UnreadableJson>, out: &mut impl Write) -> io::Result<()> {
    match checked {
        Ok(checked) => serde_json::to_writer_pretty(&mut *out, checked)?,
        // The rules are not applied to a body that is not JSON, so this is not an entry of `errors`.
        Err(unreadable) => {
            let json = json!({
                "valid": false,
                "errors": [],
                "warnings": [],
                "unreadable": {
                    "line": unreadable.line,
                    "column": unreadable.column,
                    "detail": unreadable.to_string(),
                },
            });
            write!(out, "{json:#}")?;
        }
    }
    writeln!(out)
}
