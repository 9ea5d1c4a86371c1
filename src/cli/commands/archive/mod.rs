//! `hongtou archive`: the care of the archive.

pub mod check;
pub mod package;

use std::io::Write;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;

use crate::cli::arguments::help::HELP;
use crate::cli::commands::archive::check::CheckArguments;
use crate::cli::commands::archive::package::{ExportArguments, ImportArguments, InspectArguments};
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
    /// Checks every object.
    #[command(
        about = "逐一核对所存的文件：有无缺失、被改动或多余",
        help_template = HELP,
        override_usage = "hongtou archive check [选项]"
    )]
    Check(CheckArguments),
    /// Exports the archive.
    #[command(
        about = "导出全部档案：BagIt包，按档发〔2012〕7号的结构",
        help_template = HELP,
        override_usage = "hongtou archive export [选项] --output <目录>"
    )]
    Export(ExportArguments),
    /// Imports an exported archive.
    #[command(
        about = "把导出的档案导入空的档案",
        help_template = HELP,
        override_usage = "hongtou archive import [选项] <目录>"
    )]
    Import(ImportArguments),
    /// Inspects an exported archive.
    #[command(
        about = "对导出的档案作四性检测（DA/T 70），逐项列出通过、不通过或未检测",
        help_template = HELP,
        override_usage = "hongtou archive inspect [选项] <目录>"
    )]
    Inspect(InspectArguments),
}

/// Runs a command on the archive.
///
/// # Errors
/// Returns `CliError::Database` or `CliError::Store` if the archive cannot be opened or read.
pub fn run(arguments: &ArchiveArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    runtime.block_on(async {
        match &arguments.command {
            ArchiveCommand::Check(arguments) => check::run(arguments, out).await,
            ArchiveCommand::Export(arguments) => package::export(arguments, out).await,
            ArchiveCommand::Import(arguments) => package::import(arguments, out).await,
            ArchiveCommand::Inspect(arguments) => package::inspect(arguments, out),
        }
    })
}
