//! `hongtou archive check`: reads every object and compares it with its name and its records.

use std::io::{self, Write};

use clap::Args;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::fixity::finding::FixityReport;
use crate::archive::fixity::progress::{PARTS, Pace};
use crate::cli::arguments::help::OPTIONS;
use crate::cli::arguments::options::OutputFormat;
use crate::cli::commands::keys::ACTOR;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;

/// After how many parts the progress is printed.
const TOLD_EVERY: u16 = 16;

/// The arguments of `archive check`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct CheckArguments {
    /// How fast objects are read, in MB a second.
    #[arg(long, value_name = "MB", help = "每秒至多读取的MB数（默认不限）")]
    pub rate: Option<u64>,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The storage.
    #[command(flatten)]
    pub storage: Storage,
}

/// Begins a round or continues the one that was interrupted, and prints its report.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is none, and `CliError::Database` or `CliError::Store` if it
/// cannot be opened or read. The next run continues.
pub async fn run(arguments: &CheckArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open_existing().await?;
    let pace = Pace { bytes_per_second: arguments.rate.map(|rate| rate.saturating_mul(1_000_000)) };
    let report = check(&archive, pace).await.map_err(CliError::archive)?;
    if arguments.format.json {
        serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_for_staff(&report, out)?;
    }
    Ok(if report.n_findings == 0 { Outcome::Done } else { Outcome::Refused })
}

async fn check(archive: &Archive, pace: Pace) -> Result<FixityReport, ArchiveError> {
    let mut round = archive.fixity_round().await?;
    if round.next_part > 0 {
        eprintln!("接着上次未完的核对，已核对{}/{PARTS}。", round.next_part);
    }
    while round.next_part < PARTS {
        round = archive.check_next_part(round, pace).await?;
        if round.next_part % TOLD_EVERY == 0 {
            let (part, objects) = (round.next_part, round.objects);
            eprintln!("已核对{part}/{PARTS}，{objects}个文件。");
        }
    }
    archive.finish_fixity_round(&round, ACTOR).await
}

fn print_for_staff(report: &FixityReport, out: &mut impl Write) -> io::Result<()> {
    for finding in &report.findings {
        let subject = if finding.subject.is_empty() { "无记录" } else { &finding.subject };
        writeln!(out, "{}：{}（{subject}）", finding.kind.title(), finding.name)?;
    }
    let FixityReport { objects, bytes, n_findings, .. } = report;
    if *n_findings == 0 {
        writeln!(out, "已核对{objects}个文件，共{bytes}字节，全部完好。")
    } else {
        writeln!(out, "已核对{objects}个文件，共{bytes}字节，发现问题{n_findings}处。")
    }
}
