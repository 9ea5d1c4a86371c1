//! `hongtou archive`: the care of the archive.

pub mod check;
mod cosignatures;
mod move_archive;
pub mod package;
mod rotate_log_key;
mod verify_log;

use std::io::Write;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;

use crate::cli::arguments::help::HELP;
use crate::cli::commands::archive::check::CheckArguments;
use crate::cli::commands::archive::cosignatures::{AddArguments, RequestArguments};
use crate::cli::commands::archive::move_archive::MoveArguments;
use crate::cli::commands::archive::package::{ExportArguments, ImportArguments, InspectArguments};
use crate::cli::commands::archive::rotate_log_key::RotateLogKeyArguments;
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
    /// Replaces the key of the log.
    #[command(
        about = "更换存证日志的签名密钥；请先停止各服务",
        help_template = HELP,
        override_usage = "hongtou archive rotate-log-key [选项]"
    )]
    RotateLogKey(RotateLogKeyArguments),
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
        about = "对导出的档案或一件公文作四性检测（DA/T 70），逐项列出通过、不通过或未检测",
        help_template = HELP,
        override_usage = "hongtou archive inspect [选项] <目录>\n      \
                          hongtou archive inspect [选项] <编号或发文字号>"
    )]
    Inspect(InspectArguments),
}

/// Runs a command on the archive.
///
/// # Errors
/// As the command; also returns `CliError::Database`, `CliError::Store` or `CliError::Log` if the archive
/// cannot be opened or read.
pub fn run(arguments: &ArchiveArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    runtime.block_on(async {
        match &arguments.command {
            ArchiveCommand::Check(arguments) => check::run(arguments, out).await,
            ArchiveCommand::VerifyLog(arguments) => verify_log::run(arguments, out).await,
            ArchiveCommand::RequestCosignature(arguments) => {
                cosignatures::request(arguments, out).await
            }
            ArchiveCommand::AddCosignature(arguments) => cosignatures::add(arguments, out).await,
            ArchiveCommand::Export(arguments) => package::export(arguments, out).await,
            ArchiveCommand::Import(arguments) => package::import(arguments, out).await,
            ArchiveCommand::Inspect(arguments) => package::inspect(arguments, out).await,
            ArchiveCommand::RotateLogKey(arguments) => rotate_log_key::run(arguments, out).await,
            ArchiveCommand::Move(arguments) => move_archive::run(arguments, out).await,
        }
    })
}
