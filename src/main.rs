//! The `hongtou` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    match hongtou::cli::run::parse(std::env::args_os()) {
        Ok(arguments) => hongtou::cli::run::run(arguments),
        Err(usage) => usage.report(),
    }
}
