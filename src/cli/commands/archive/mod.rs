//! `hongtou archive`: checks and moves the archive.

mod cosignatures;
mod move_archive;
mod verify_log;

use std::io::Write;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;

use crate::cli::arguments::help::HELP;
use crate::cli::commands::archive::cosignatures::{AddArguments, RequestArguments};
use crate::cli::commands::archive::move_archive::MoveArguments;
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
    /// Moves the archive.
    #[command(
        about = "将档案搬到另一数据库和文件存储；中断后再次运行即继续",
        help_template = HELP,
        override_usage = "hongtou archive move [选项] --to-database <地址> --to-store <地址>\n      \
                          hongtou archive move [选项] --to-data <目录>"
    )]
    Move(MoveArguments),
}

/// Runs a command on the archive.
///
/// # Errors
/// As the command; also returns `CliError::Database`, `CliError::Store` or `CliError::Log` if the archive cannot be opened or
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
        ArchiveCommand::Move(arguments) => runtime.block_on(move_archive::run(arguments, out)),
    }
}
