//! `hongtou archive move`: moves the archive into another database and another object store.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::archive::Archive;
use crate::archive::transfer::{MoveError, Moved, Transfer};
use crate::cli::arguments::help::OPTIONS;
use crate::cli::commands::keys::ACTOR;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::settings::settings_file::SettingsFile;
use crate::cli::settings::storage::{Storage, database_url, store_url};
use crate::jobs::{Jobs, webhook};

/// After how many groups of objects a line is printed.
const GROUPS_PER_LINE: u64 = 16;

/// The arguments of `archive move`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct MoveArguments {
    /// Where the archive is now.
    #[command(flatten)]
    pub source: Storage,
    /// The data folder of the target.
    #[arg(
        long,
        value_name = "目录",
        required_unless_present_all = ["to_database", "to_store"],
        help = "搬入此数据目录；另给出--to-database或--to-store的，记录或公文搬入彼处"
    )]
    pub to_data: Option<PathBuf>,
    /// The database of the target.
    #[arg(
        long,
        value_name = "地址",
        env = "HONGTOU_TO_DATABASE",
        hide_env = true,
        hide_env_values = true,
        value_parser = database_url,
        help = "搬入此数据库，如postgres://…（环境变量HONGTOU_TO_DATABASE）"
    )]
    pub to_database: Option<String>,
    /// The object store of the target.
    #[arg(
        long,
        value_name = "地址",
        env = "HONGTOU_TO_STORE",
        hide_env = true,
        value_parser = store_url,
        help = "搬入此文件存储，如s3://桶名（环境变量HONGTOU_TO_STORE，另读AWS_开头的变量）"
    )]
    pub to_store: Option<String>,
}

/// Moves the archive.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no source, `CliError::FolderInUse` if a server uses one of the folders, `CliError::Database` or
/// `CliError::Store` if an archive cannot be opened, `CliError::Jobs` if the queue of the target cannot
/// be opened, and `CliError::Move` if the archive cannot be moved.
pub async fn run(arguments: &MoveArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let from = &arguments.source;
    let to = target(arguments);
    from.require_archive()?;
    // No server may change the source or use the target meanwhile.
    let _locks = (from.lock()?, to.lock()?);
    let (source, target) = (from.open_for_move().await?, to.open_for_move().await?);
    match transfer(&source, &target, out).await? {
        Ok(()) => {}
        Err(refused @ (MoveError::NotEmpty | MoveError::OtherSource | MoveError::Finished)) => {
            eprintln!("{refused}");
            return Ok(Outcome::Refused);
        }
        Err(error) => return Err(CliError::Move(error)),
    }
    writeln!(out, "搬移完毕。请以目标的数据库和文件存储启动服务；核对无误之前，请保留来源。")?;
    Ok(Outcome::Done)
}

/// The storage of the target.
fn target(arguments: &MoveArguments) -> Storage {
    Storage {
        settings: SettingsFile { config: None },
        // Not used if both of the others are given.
        data: arguments.to_data.clone().unwrap_or_default(),
        database: arguments.to_database.clone(),
        store: arguments.to_store.clone(),
    }
}

/// Moves everything and prints the progress.
async fn transfer(
    source: &Archive,
    target: &Archive,
    out: &mut impl Write,
) -> Result<Result<(), MoveError>, CliError> {
    let transfer = match Transfer::begin(source, target).await {
        Ok(transfer) => transfer,
        Err(error) => return Ok(Err(error)),
    };
    let mut written = Ok(());
    let copied = transfer
        .copy(&mut |moved| {
            if let Some(line) = line(moved)
                && written.is_ok()
            {
                written = writeln!(out, "{line}");
            }
        })
        .await;
    written?;
    if let Err(error) = copied {
        return Ok(Err(error));
    }
    let jobs = Jobs::open(target, webhook::Settings::default()).await.map_err(CliError::Jobs)?;
    jobs.queue_again().await.map_err(CliError::Jobs)?;
    Ok(transfer.finish(ACTOR).await)
}

/// The line about a step; not every step has one.
fn line(moved: Moved) -> Option<String> {
    match moved {
        Moved::Groups { done, all } => (done % GROUPS_PER_LINE == 0)
            .then(|| format!("文件：已搬移并核对{}%", done * 100 / all)),
        Moved::Table { name, rows } => Some(format!("记录：{name}，{rows}行")),
    }
}
