//! `hongtou fix`: corrects unambiguous typing errors and lists the corrections.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::cli::arguments::FixArguments;
use crate::cli::atomic_file;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::fix::{Fix, fix};

/// Mends a submission. Lists the mends on standard error if the result goes to standard output.
///
/// # Errors
/// Fails if files cannot be read or written.
pub fn run(arguments: &FixArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let body = input::read(&arguments.file)?;
    let fixed = match fix(&body) {
        Ok(fixed) => fixed,
        Err(unreadable) => {
            eprintln!("{unreadable}");
            return Ok(Outcome::Refused);
        }
    };
    let report = report(&fixed.fixes);
    let output = if arguments.in_place { Some(&arguments.file) } else { arguments.output.as_ref() };
    match output.filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let is_as_it_was = arguments.in_place && fixed.fixes.is_empty();
            if !is_as_it_was {
                atomic_file::write(path, fixed.text.as_bytes())
                    .map_err(|cause| CliError::Output { path: path.clone(), cause })?;
            }
            out.write_all(report.as_bytes())?;
        }
        None => {
            out.write_all(fixed.text.as_bytes())?;
            eprint!("{report}");
        }
    }
    Ok(Outcome::Done)
}

/// A line for each string that was mended, and how many there are.
fn report(fixes: &[Fix]) -> String {
    let mut said = String::new();
    for fix in fixes {
        let _ = writeln!(said, "{fix}");
    }
    let _ = match fixes.len() {
        0 => writeln!(said, "没有可以自动改正之处；其余问题请用hongtou check检查。"),
        count => writeln!(said, "已改正{count}处；其余问题请用hongtou check检查。"),
    };
    said
}
