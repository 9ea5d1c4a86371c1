//! The command line: what it takes, and how each command ends.

pub mod arguments;
pub mod access;
pub mod atomic_file;
pub mod batch;
pub mod check;
pub mod config;
pub mod error;
pub mod fonts;
pub mod input;
pub mod jobs;
pub mod logging;
mod phases;
pub mod render;
pub mod schema;
pub mod serve;
pub mod keys;
pub mod settings_file;
pub mod storage;
pub mod trust;
pub mod verify;
pub mod usage;

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::cli::arguments::{Arguments, Command};
use crate::cli::error::CliError;
use crate::cli::usage::Usage;
use crate::http::metrics::Phases;
use crate::render::fonts::FontSet;

/// How a command that could run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was asked.
    Done,
    /// Not every filing could be made, and the command has said why.
    Refused,
}

/// Reads the arguments, then the settings file that they or the environment name.
///
/// # Errors
/// Arguments or settings that are none, or a wish for help.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Usage> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let matches = Arguments::command().try_get_matches_from(&arguments)?;
    let matches = match settings_file::named_by(&matches) {
        Some(path) => settings_file::with_defaults(Arguments::command(), &path)?
            .try_get_matches_from(&arguments)?,
        None => matches,
    };
    Ok(Arguments::from_arg_matches(&matches)?)
}

/// Runs a command and gives its exit code: 0 done, 1 refused, 2 could not run.
pub fn run(arguments: Arguments) -> ExitCode {
    let phases = Phases::default();
    logging::start(&arguments.command, &phases);
    // The panic hook has logged the panic; what remains is to end like any other failure.
    let ended = catch_unwind(AssertUnwindSafe(|| dispatch(&arguments.command, &phases)))
        .unwrap_or(Err(CliError::Panicked));
    match ended {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(error) => {
            error.report();
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: &Command, phases: &Phases) -> Result<Outcome, CliError> {
    let mut out = io::stdout().lock();
    match command {
        Command::Serve(config) => serve::run(config, phases, &mut out),
        Command::Render(arguments) => render::run(arguments, &mut out),
        Command::Check(arguments) => check::run(arguments, &mut out),
        Command::Batch(arguments) => batch::run(arguments, &mut out),
        Command::Verify(arguments) => verify::run(arguments, &mut out),
        Command::Keys(arguments) => keys::run(arguments, &mut out),
        Command::Fonts(arguments) => fonts::run(arguments, &mut out),
        Command::Schema => schema::run(&mut out),
    }
}

/// The bundled fonts, behind those of a folder where one is given.
fn font_set(folder: Option<&Path>) -> Result<FontSet, CliError> {
    match folder {
        Some(folder) => Ok(FontSet::with_folder(folder)?),
        None => Ok(FontSet::bundled()),
    }
}
