//! `hongtou import`: reads a finished document into a submission; `hongtou template` writes the workbook.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::cli::arguments::{ImportArguments, TemplateArguments};
use crate::cli::atomic_file;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::import::import;
use crate::import::report::Import;
use crate::import::workbook::template;

/// Reads a file. What was not understood is listed on standard error.
///
/// # Errors
/// Returns `CliError::Input` or `CliError::Output` if files cannot be read or written.
pub fn run(arguments: &ImportArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let file = input::read(&arguments.file)?;
    let import = match import(&file) {
        Ok(import) => import,
        Err(unreadable) => {
            eprintln!("{unreadable}");
            return Ok(Outcome::Refused);
        }
    };
    let json = format!("{:#}\n", import.submission);
    match arguments.output.as_ref().filter(|path| *path != Path::new("-")) {
        Some(path) => atomic_file::write(path, json.as_bytes())
            .map_err(|cause| CliError::Output { path: path.clone(), cause })?,
        None => out.write_all(json.as_bytes())?,
    }
    eprint!("{}", report(&import));
    Ok(Outcome::Done)
}

/// What was not understood and what should be checked, one line each.
fn report(import: &Import) -> String {
    let mut said = String::new();
    for part in &import.unread {
        let _ = writeln!(said, "没有读懂 {}：{}", part.place, part.text);
    }
    for problem in &import.problems {
        let place = if problem.place.is_empty() { "全文" } else { &problem.place };
        let _ = writeln!(said, "请核对 {place}：{}", problem.message);
    }
    let (unread, problems) = (import.unread.len(), import.problems.len());
    let _ = writeln!(
        said,
        "已读入：没有读懂{unread}处，需要核对{problems}处；其余问题请用hongtou check检查。"
    );
    said
}

/// Writes the template, empty or filled with a submission.
///
/// # Errors
/// Returns `CliError::Input` or `CliError::Output` if files cannot be read or written.
pub fn template(arguments: &TemplateArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let written = match &arguments.from {
        None => template::empty(),
        Some(path) => match serde_json::from_slice(&input::read(path)?) {
            Ok(submission) => template::filled(&submission),
            Err(_) => {
                eprintln!("{}不是有效的JSON。", path.display());
                return Ok(Outcome::Refused);
            }
        },
    };
    let workbook = match written {
        Ok(workbook) => workbook,
        Err(error) => {
            eprintln!("{error}");
            return Ok(Outcome::Refused);
        }
    };
    atomic_file::write(&arguments.output, &workbook)
        .map_err(|cause| CliError::Output { path: arguments.output.clone(), cause })?;
    writeln!(out, "已生成 {}", arguments.output.display())?;
    Ok(Outcome::Done)
}
