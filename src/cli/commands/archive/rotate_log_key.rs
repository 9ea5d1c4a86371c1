//! `hongtou archive rotate-log-key`: a new key takes over the log.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::archive::log::error::LogError;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::commands::keys::ACTOR;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::log_key;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;
use crate::log::note::keys::{Algorithm, SigningKey};

/// The arguments of `archive rotate-log-key`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RotateLogKeyArguments {
    /// The file with the key of the log.
    #[arg(
        long,
        value_name = "文件",
        env = "HONGTOU_LOG_KEY",
        hide_env = true,
        help = "存证日志的签名密钥（默认为数据目录中的log.key；环境变量HONGTOU_LOG_KEY）"
    )]
    pub log_key: Option<PathBuf>,
    /// Whether the old key is lost.
    #[arg(long, help = "旧密钥已经遗失，只由新密钥签署交接")]
    pub lost: bool,
    /// The storage of the log.
    #[command(flatten)]
    pub storage: Storage,
}

/// Replaces the key. A run that was interrupted is completed by the next one.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive, `CliError::FolderInUse` if a server uses the data folder, `CliError::Database` or
/// `CliError::Store` if the archive cannot be opened, `CliError::Input`, `CliError::Output` or
/// `CliError::LogKey` if a file of a key cannot be read or written, and `CliError::Log` if the log
/// cannot be handed over.
pub async fn run(
    arguments: &RotateLogKeyArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let RotateLogKeyArguments { storage, lost, .. } = arguments;
    let path = arguments.log_key.clone().unwrap_or_else(|| storage.data.join(log_key::FILE));
    storage.require_archive()?;
    let _lock = storage.lock()?;
    let archive = storage.open().await?;
    let head = archive.log_head().await.map_err(CliError::Database)?;
    let Some(head) = head else {
        eprintln!("存证日志尚未启用。");
        return Ok(Outcome::Refused);
    };
    let next = beside(&path, "new");
    let new = log_key::parse(&next, &log_key::read_or_make(&next)?, &head.origin)?;
    let vkey = new.verifier(Algorithm::Ed25519).to_vkey();
    // Otherwise the last run was interrupted after the archive had recorded the new key.
    if head.vkey != vkey {
        let old = match lost {
            true => None,
            false => {
                let content = String::from_utf8_lossy(&input::read(&path)?).into_owned();
                Some(log_key::parse(&path, &content, &head.origin)?)
            }
        };
        match archive.hand_over_log(old.as_ref(), &new, ACTOR).await {
            Ok(()) => {}
            Err(LogError::OtherKey(key)) => {
                eprintln!("{}不是存证日志现用的密钥，其公钥应为{key}。", path.display());
                return Ok(Outcome::Refused);
            }
            Err(error) => return Err(CliError::Log(error)),
        }
    }
    replace(&path, &next, &head.origin)?;
    writeln!(out, "存证日志已换用新密钥，公钥：{vkey}")?;
    writeln!(
        out,
        "请将新公钥加入核验方的策略和见证方的名单；旧公钥仍须保留，用以核验此前的检查点。"
    )?;
    Ok(Outcome::Done)
}

/// Moves the new key to its place, and keeps the old one beside it, named after its id.
fn replace(path: &Path, next: &Path, origin: &str) -> Result<(), CliError> {
    let moved = || -> io::Result<()> {
        if path.exists() {
            let content = String::from_utf8_lossy(&fs::read(path)?).into_owned();
            let key = SigningKey::parse_file(origin, &content);
            let id = key.map(|key| hex::encode(key.verifier(Algorithm::Ed25519).key_id));
            // Without an id: with a lost key, the file may have something else.
            fs::rename(path, beside(path, &id.unwrap_or_else(|_| "old".to_owned())))?;
        }
        fs::rename(next, path)
    };
    moved().map_err(|cause| CliError::Output { path: path.to_owned(), cause })
}

/// The file of this name with another ending after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}
