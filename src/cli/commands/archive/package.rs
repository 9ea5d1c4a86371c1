//! `hongtou archive export` and `hongtou archive import`: the archive as a package.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::archive::package::error::PackageError;
use crate::archive::package::export::Exported;
use crate::archive::package::import::Imported;
use crate::archive::package::inspection;
use crate::archive::package::inspection::filing::is_readable;
use crate::archive::package::inspection::items::{Item, ItemResult};
use crate::archive::package::left_log::LeftLog;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::arguments::options::OutputFormat;
use crate::cli::commands::keys::ACTOR;
use crate::cli::error::{CliError, reason};
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;
use crate::render::fonts::font_set::FontSet;
use crate::render::typesetter::Typesetter;

/// The arguments of `archive export`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ExportArguments {
    /// The new folder.
    #[arg(short, long, value_name = "目录", help = "导出到此目录，目录应不存在")]
    pub output: PathBuf,
    /// Whether to write EEPs.
    #[arg(long, help = "另为每件公文写一个电子文件封装包（EEP，DA/T 48-2009）")]
    pub eep: bool,
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
    /// Whether to begin a new log.
    #[arg(
        long,
        help = "不接续原存证日志，另建新的，并在其中记入原日志最后的检查点；原服务仍要运行的，应当如此"
    )]
    pub new_log: bool,
    /// The storage.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `archive inspect`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct InspectArguments {
    /// The folder of the package, or the id or 发文字号 of a filing.
    #[arg(
        value_name = "对象",
        help = "hongtou archive export导出的目录，或档案中一件公文的编号或发文字号",
        help_heading = "参数"
    )]
    pub subject: String,
    /// Whether to print XML.
    #[arg(long, conflicts_with = "json", help = "以XML输出")]
    pub xml: bool,
    /// Whether to print a page.
    #[arg(long, conflicts_with_all = ["json", "xml"], help = "以网页（HTML）输出，供人阅读")]
    pub html: bool,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The storage.
    #[command(flatten)]
    pub storage: Storage,
}

/// Exports the archive.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive, and `CliError::Database`, `CliError::Store` or
/// `CliError::Output` if it cannot be read or the folder cannot be written.
pub async fn export(
    arguments: &ExportArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open_existing().await?;
    let typesetter = Typesetter::new(FontSet::bundled());
    let folder = &arguments.output;
    let exported = if arguments.eep {
        archive.export_with_eep(folder, &typesetter, ACTOR).await
    } else {
        archive.export(folder, &typesetter, ACTOR).await
    };
    match exported {
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
    let ImportArguments { package, new_log, storage } = arguments;
    let archive = storage.open().await?;
    let imported = if *new_log {
        archive.import_with_new_log(package, ACTOR).await
    } else {
        archive.import(package, ACTOR).await.map(|imported| (imported, None))
    };
    let (Imported { filings, objects }, left) = match imported {
        Ok(imported) => imported,
        Err(error) => return refused(error, package),
    };
    writeln!(out, "已导入公文{filings}件，文件{objects}个。")?;
    if let Some(LeftLog { origin, size, .. }) = left {
        writeln!(
            out,
            "原存证日志{origin}有{size}条，不再接续；其最后的检查点将记入新的存证日志。"
        )?;
    }
    Ok(Outcome::Done)
}

/// Inspects a package or a filing.
///
/// # Errors
/// Returns `CliError::Database` or `CliError::Store` if the archive cannot be opened or read, and
/// `CliError::Stdout` if the result cannot be written.
pub async fn inspect(
    arguments: &InspectArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let subject = &arguments.subject;
    let folder = Path::new(subject);
    let items = if folder.is_dir() {
        match inspection::package::inspect(folder) {
            Ok(items) => items,
            Err(error) => return refused(error, folder),
        }
    } else {
        match inspect_filing(arguments).await? {
            Some(items) => items,
            None => return Ok(Outcome::Refused),
        }
    };
    if arguments.format.json {
        serde_json::to_writer_pretty(&mut *out, &items).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if arguments.xml {
        out.write_all(inspection::to_xml(&items).as_bytes())?;
    } else if arguments.html {
        out.write_all(inspection::to_html(&items, subject).as_bytes())?;
    } else {
        for Item { code, name, result, remark, .. } in &items {
            writeln!(out, "{code} {name}：{}　{remark}", result.title())?;
        }
    }
    let is_faulty = items.iter().any(|item| item.result == ItemResult::Failed);
    Ok(if is_faulty { Outcome::Refused } else { Outcome::Done })
}

/// Inspects the filing that the arguments name. Returns `None` and says why if there is not exactly one.
async fn inspect_filing(arguments: &InspectArguments) -> Result<Option<Vec<Item>>, CliError> {
    let subject = &arguments.subject;
    // A command that only reads makes no archive.
    if let Some(data) = arguments.storage.empty_folder() {
        eprintln!("没有目录{subject}，数据目录{}中也没有档案，请核对路径。", data.display());
        return Ok(None);
    }
    let archive = arguments.storage.open().await?;
    let found = archive.filings_named(subject).await.map_err(CliError::archive)?;
    match found.as_slice() {
        [] => eprintln!("没有这个目录，档案中也没有编号或发文字号为{subject}的公文。"),
        [filing] if filing.disposal.is_some() => eprintln!("公文{subject}已经销毁。"),
        [filing] => {
            let inspected = archive.inspect_filing(filing).await.map_err(CliError::archive)?;
            let is_readable = inspected.file.as_deref().map(is_readable);
            return Ok(Some(inspected.items(is_readable)));
        }
        several => {
            eprintln!("有{}件公文的发文字号为{subject}，请改用编号：", several.len());
            for filing in several {
                eprintln!("{} {}", filing.id, filing.issuers.join("、"));
            }
        }
    }
    Ok(None)
}

fn refused(error: PackageError, folder: &Path) -> Result<Outcome, CliError> {
    let folder = folder.display();
    match error {
        PackageError::Archive(error) => return Err(CliError::archive(error)),
        PackageError::Io(cause) => eprintln!("无法读写{folder}：{}。", reason(&cause)),
        PackageError::Exists => eprintln!("目录{folder}已经存在，请另行指定。"),
        PackageError::NotAPackage(what) => eprintln!("{folder}不是导出的档案：{what}。"),
        PackageError::Damaged(what) => eprintln!("{folder}不完整或被改动：{what}。"),
        PackageError::NotEmpty => eprintln!("档案中已有公文或存证日志，只能导入空的档案。"),
        PackageError::Form(error) => return Err(error.into()),
    }
    Ok(Outcome::Refused)
}
