//! Reads the command line and runs the command it names.

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::cli::arguments::usage::Usage;
use crate::cli::arguments::{Arguments, Command};
use crate::cli::batch::command as batch;
use crate::cli::commands::{
    archive, check, confine, fix, fonts, import, keys, render, schema, serve, sessions, sign,
    verify, witness, word,
};
use crate::cli::data_folder;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::process::logging;
use crate::cli::settings::settings_file;
use crate::http::operations::metrics::Phases;

/// Parses the arguments and reads the settings file that they or the environment name.
///
/// # Errors
/// Returns `Usage::Arguments` if the arguments are wrong or ask for help, and `Usage::Settings` if
/// the settings file cannot be used.
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

/// Runs a command and returns its exit code: 0 done, 1 refused, 2 could not run.
pub fn run(arguments: Arguments) -> ExitCode {
    let phases = Phases::default();
    logging::start(&arguments.command, &phases);
    // The panic hook has logged the panic, so only the exit code is left to set.
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
    if matches!(
        command,
        Command::Serve(_)
            | Command::Keys(_)
            | Command::Sessions(_)
            | Command::Archive(_)
            | Command::Witness(_)
    ) {
        data_folder::close_new_files();
    }
    match command {
        Command::Serve(config) => serve::run(config, phases, &mut out),
        Command::Render(arguments) => render::run(arguments, &mut out),
        Command::Word(arguments) => word::run(arguments, &mut out),
        Command::Check(arguments) => check::run(arguments, &mut out),
        Command::Fix(arguments) => fix::run(arguments, &mut out),
        Command::Import(arguments) => import::run(arguments, &mut out),
        Command::Template(arguments) => import::template(arguments, &mut out),
        Command::Batch(arguments) => batch::run(arguments, &mut out),
        Command::Verify(arguments) => match (&arguments.receipt, &arguments.policy) {
            (Some(receipt), Some(policy)) => {
                verify::receipt::run(arguments, receipt, policy, &mut out)
            }
            _ => verify::run(arguments, &mut out),
        },
        Command::Sign(arguments) => sign::run(arguments, &mut out),
        Command::Archive(arguments) => archive::run(arguments, &mut out),
        Command::Witness(arguments) => witness::run(arguments, &mut out),
        Command::Keys(arguments) => keys::run(arguments, &mut out),
        Command::Sessions(arguments) => sessions::run(arguments, &mut out),
        Command::Fonts(arguments) => fonts::run(arguments, &mut out),
        Command::Schema => schema::run(&mut out),
        Command::Confine(arguments) => Ok(confine::run(arguments)),
    }
}
