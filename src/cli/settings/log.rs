//! The settings of the log.

use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::archive::Archive;
use crate::archive::log::steps::keeper::LogKeeper;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::log_key;
use crate::http::access::origin::Origin;
use crate::jobs::log::settings::Settings;
use crate::log::note::policy::{Policy, Witness};
use crate::log::note::signed_note::is_key_name;

/// The settings of the log.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct LogArguments {
    /// The origin of the log. By default that of the database; for a new log, made of the public URL or
    /// the key.
    #[arg(
        long,
        value_name = "名称",
        env = "HONGTOU_LOG_ORIGIN",
        hide_env = true,
        value_parser = origin,
        help = "存证日志的名称，启用后不能更改，如archive.example.gov.cn/hongtou/1\
                （默认由对外的网址或密钥得出；环境变量HONGTOU_LOG_ORIGIN）"
    )]
    pub log_origin: Option<String>,
    /// The file with the key of the log.
    #[arg(
        long,
        value_name = "文件",
        env = "HONGTOU_LOG_KEY",
        hide_env = true,
        help = "存证日志的签名密钥，没有即生成（默认为数据目录中的log.key；环境变量HONGTOU_LOG_KEY）"
    )]
    pub log_key: Option<PathBuf>,
    /// The shortest time between two checkpoints, in seconds.
    #[arg(
        long,
        value_name = "秒",
        env = "HONGTOU_LOG_INTERVAL",
        hide_env = true,
        value_parser = seconds,
        default_value = "10",
        hide_default_value = true,
        help = "存证日志至多隔多久签署一次（默认10秒；环境变量HONGTOU_LOG_INTERVAL）"
    )]
    pub log_interval: Duration,
    /// A policy whose witnesses are asked to cosign.
    #[arg(
        long,
        value_name = "文件",
        env = "HONGTOU_LOG_WITNESSES",
        hide_env = true,
        help = "存证日志的见证方，每行“witness 名称 公钥 网址”（默认无；环境变量HONGTOU_LOG_WITNESSES）"
    )]
    pub log_witnesses: Option<PathBuf>,
    /// Time stamp authorities.
    #[arg(
        long,
        value_name = "网址",
        env = "HONGTOU_LOG_STAMP",
        hide_env = true,
        value_delimiter = ',',
        help = "每月为存证日志加盖时间戳的机构（RFC 3161），可多次给出\
                （默认无；环境变量HONGTOU_LOG_STAMP，以逗号分隔）"
    )]
    pub log_stamp: Vec<String>,
}

impl LogArguments {
    /// The settings of the log of an archive. Makes the key if its file does not exist.
    ///
    /// # Errors
    /// Returns `CliError::Input` or `CliError::LogKey` if the key cannot be read or written,
    /// `CliError::LogPolicy` if the list of witnesses is malformed, and `CliError::Database` if the
    /// database cannot be queried.
    pub async fn settings(
        &self,
        archive: &Archive,
        data: &Path,
        public_url: Option<&Origin>,
    ) -> Result<Settings, CliError> {
        let path = self.log_key.clone().unwrap_or_else(|| data.join(log_key::FILE));
        let content = log_key::read_or_make(&path)?;
        let head = archive.log_head().await.map_err(CliError::Database)?;
        let origin = match (&self.log_origin, head) {
            (Some(origin), _) => origin.clone(),
            (None, Some(head)) => head.origin,
            (None, None) => log_key::default_origin(&path, &content, public_url)?,
        };
        let key = log_key::parse(&path, &content, &origin)?;
        let witnesses = match &self.log_witnesses {
            Some(path) => witnesses(path)?,
            None => Vec::new(),
        };
        Ok(Settings {
            keeper: LogKeeper::new(archive, key),
            interval: self.log_interval,
            witnesses,
            authorities: self.log_stamp.clone(),
        })
    }
}

/// Reads a policy file.
///
/// # Errors
/// Returns `CliError::Input` if it cannot be read, and `CliError::LogPolicy` if it is malformed.
pub(crate) fn read_policy(path: &Path) -> Result<Policy, CliError> {
    let text = String::from_utf8_lossy(&input::read(path)?).into_owned();
    let policy = Policy::parse(&text);
    policy.map_err(|error| CliError::LogPolicy { path: path.to_owned(), line: error.0 })
}

/// Reads the witnesses of a policy, which needs no quorum.
fn witnesses(path: &Path) -> Result<Vec<Witness>, CliError> {
    let bytes = input::read(path)?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if !text.lines().any(|line| line.trim_start().starts_with("quorum")) {
        text.push_str("\nquorum none\n");
    }
    let policy = Policy::parse(&text);
    let policy =
        policy.map_err(|error| CliError::LogPolicy { path: path.to_owned(), line: error.0 })?;
    Ok(policy.witnesses)
}

fn origin(text: &str) -> Result<String, &'static str> {
    is_key_name(text).then(|| text.to_owned()).ok_or("not the name of a log")
}

fn seconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_secs)
}
