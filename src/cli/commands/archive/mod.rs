//! `hongtou archive`: checks the archive.

mod cosignatures;
mod verify_log;

use std::io::Write;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;

use crate::cli::arguments::help::HELP;
use crate::cli::commands::archive::cosignatures::{AddArguments, RequestArguments};
use crate::cli::commands::archive::verify_log::VerifyLogArguments;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;

/// The arguments of `archive`.
#[derive(Debug, Args)]
pub struct ArchiveArguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: ArchiveCommand,
}

/// The subcommands of `archive`.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Replays the log.
    #[command(
        about = "逐条核对存证日志及其检查点",
        help_template = HELP,
        override_usage = "hongtou archive verify-log [选项]"
    )]
    VerifyLog(VerifyLogArguments),
    /// Prints the request for a witness.
    #[command(
        about = "写出给见证方的请求，用于不联网的见证方",
        help_template = HELP,
        override_usage = "hongtou archive request-cosignature [选项]"
    )]
    RequestCosignature(RequestArguments),
    /// Adds the signature of a witness.
    #[command(
        about = "存入见证方的签名",
        help_template = HELP,
        override_usage = "hongtou archive add-cosignature [选项] --witness <公钥> <文件>"
    )]
    AddCosignature(AddArguments),
}

/// Checks the archive.
///
/// # Errors
/// Returns `CliError::Database`, `CliError::Store` or `CliError::Log` if the archive cannot be opened or
/// read.
pub fn run(arguments: &ArchiveArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    match &arguments.command {
        ArchiveCommand::VerifyLog(arguments) => runtime.block_on(verify_log::run(arguments, out)),
        ArchiveCommand::RequestCosignature(arguments) => {
            runtime.block_on(cosignatures::request(arguments, out))
        }
        ArchiveCommand::AddCosignature(arguments) => {
            runtime.block_on(cosignatures::add(arguments, out))
        }
    }
}
