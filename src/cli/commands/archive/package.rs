//! `hongtou archive export` and `hongtou archive import`: the archive as a package.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::archive::package::error::PackageError;
use crate::archive::package::export::Exported;
use crate::archive::package::import::Imported;
use crate::archive::package::inspection::{self, Item, ItemResult};
use crate::cli::arguments::help::OPTIONS;
use crate::cli::arguments::options::OutputFormat;
use crate::cli::commands::keys::ACTOR;
use crate::cli::error::{CliError, reason};
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;

/// The arguments of `archive export`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ExportArguments {
    /// The new folder.
    #[arg(short, long, value_name = "目录", help = "导出到此目录，目录应不存在")]
    pub output: PathBuf,
    /// The storage.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `archive import`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ImportArguments {
    /// The folder of the package.
    #[arg(value_name = "目录", help = "hongtou archive export导出的目录", help_heading = "参数")]
    pub package: PathBuf,
    /// The storage.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `archive inspect`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct InspectArguments {
    /// The folder of the package.
    #[arg(value_name = "目录", help = "hongtou archive export导出的目录", help_heading = "参数")]
    pub package: PathBuf,
    /// Whether to print XML.
    #[arg(long, conflicts_with = "json", help = "以XML输出")]
    pub xml: bool,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
}

/// Exports the archive.
///
/// # Errors
/// Returns `CliError::Database`, `CliError::Store` or `CliError::Output` if the archive cannot be
/// read or the folder cannot be written.
pub async fn export(
    arguments: &ExportArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open().await?;
    match archive.export(&arguments.output, ACTOR).await {
        Ok(Exported { filings, bytes }) => {
            writeln!(out, "已导出公文{filings}件，共{bytes}字节。")?;
            Ok(Outcome::Done)
        }
        Err(error) => refused(error, &arguments.output),
    }
}

/// Imports a package into an empty archive.
///
/// # Errors
/// Returns `CliError::Database`, `CliError::Store` or `CliError::Output` if the archive cannot be
/// written or the package cannot be read.
pub async fn import(
    arguments: &ImportArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open().await?;
    match archive.import(&arguments.package, ACTOR).await {
        Ok(Imported { filings, objects }) => {
            writeln!(out, "已导入公文{filings}件，文件{objects}个。")?;
            Ok(Outcome::Done)
        }
        Err(error) => refused(error, &arguments.package),
    }
}

/// Inspects a package.
///
/// # Errors
/// Returns `CliError::Stdout` if the result cannot be written.
pub fn inspect(arguments: &InspectArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let items = match inspection::inspect(&arguments.package) {
        Ok(items) => items,
        Err(error) => return refused(error, &arguments.package),
    };
    if arguments.format.json {
        serde_json::to_writer_pretty(&mut *out, &items).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if arguments.xml {
        out.write_all(inspection::to_xml(&items).as_bytes())?;
    } else {
        for Item { code, name, result, remark, .. } in &items {
            let result = match result {
                ItemResult::Passed => "通过",
                ItemResult::Failed => "不通过",
                ItemResult::NotChecked => "未检测",
            };
            writeln!(out, "{code} {name}：{result}　{remark}")?;
        }
    }
    let is_faulty = items.iter().any(|item| item.result == ItemResult::Failed);
    Ok(if is_faulty { Outcome::Refused } else { Outcome::Done })
}

fn refused(error: PackageError, folder: &std::path::Path) -> Result<Outcome, CliError> {
    let folder = folder.display();
    match error {
        PackageError::Archive(error) => return Err(CliError::archive(error)),
        PackageError::Io(cause) => eprintln!("无法读写{folder}：{}。", reason(&cause)),
        PackageError::Exists => eprintln!("目录{folder}已经存在，请另行指定。"),
        PackageError::NotAPackage(what) => eprintln!("{folder}不是导出的档案：{what}。"),
        PackageError::Damaged(what) => eprintln!("{folder}不完整或被改动：{what}。"),
        PackageError::NotEmpty => eprintln!("档案中已有公文，只能导入空的档案。"),
    }
    Ok(Outcome::Refused)
}
