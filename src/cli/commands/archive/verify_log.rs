//! `hongtou archive verify-log`: replays the log and compares it with its checkpoints.

use std::io::{self, Write};

use clap::Args;
use serde_json::json;

use crate::archive::log::verify::{LogFault, LogReport};
use crate::cli::arguments::help::OPTIONS;
use crate::cli::arguments::options::OutputFormat;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;
use crate::log::note::keys::VerifierKey;

/// The arguments of `archive verify-log`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct VerifyLogArguments {
    /// The public key of the log; by default the one in the database.
    #[arg(
        long,
        value_name = "公钥",
        value_parser = vkey,
        help = "存证日志的公钥（默认为数据库所记的公钥，只能查出意外的损坏）"
    )]
    pub vkey: Option<VerifierKey>,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The storage of the log.
    #[command(flatten)]
    pub storage: Storage,
}

/// Every how many entries the progress is printed.
const PROGRESS: u64 = 256 * 40;

/// Replays the log.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive, `CliError::Database` or `CliError::Store` if it
/// cannot be opened, and `CliError::Log` if the log cannot be read.
pub async fn run(
    arguments: &VerifyLogArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open_existing().await?;
    let head = archive.log_head().await.map_err(CliError::Database)?;
    let stored = head.and_then(|head| VerifierKey::parse(&head.vkey).ok());
    let Some(key) = arguments.vkey.clone().or(stored) else {
        eprintln!("存证日志尚未启用。");
        return Ok(Outcome::Refused);
    };
    let progress = |entries: u64, total: u64| {
        if entries.is_multiple_of(PROGRESS) {
            eprintln!("已核对{entries}条，共{total}条。");
        }
    };
    let report = archive.verify_log(&key, progress).await.map_err(CliError::Log)?;
    if arguments.format.json {
        let LogReport { entries, checkpoints, faults } = &report;
        let faults: Vec<String> = faults.iter().map(sentence).collect();
        let report = json!({
            "key": key.to_vkey(), "entries": entries, "checkpoints": checkpoints, "faults": faults
        });
        serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for fault in &report.faults {
            writeln!(out, "{}", sentence(fault))?;
        }
        let (entries, checkpoints) = (report.entries, report.checkpoints);
        writeln!(out, "公钥：{}", key.to_vkey())?;
        match report.faults.len() {
            0 => writeln!(out, "存证日志共{entries}条、检查点{checkpoints}个，全部相符。")?,
            n => writeln!(out, "存证日志已核对{entries}条、检查点{checkpoints}个，有{n}处不符。")?,
        }
    }
    Ok(if report.faults.is_empty() { Outcome::Done } else { Outcome::Refused })
}

fn sentence(fault: &LogFault) -> String {
    match fault {
        LogFault::Missing(name) => format!("缺少log/{name}。"),
        LogFault::Differs(name) => format!("log/{name}与条目不符。"),
        LogFault::Unsigned(name) => format!("log/{name}没有日志的有效签名。"),
        LogFault::OtherEntry(index) => format!("第{}条与数据库所记不同。", index + 1),
    }
}

fn vkey(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text).map_err(|error| error.to_string())
}
