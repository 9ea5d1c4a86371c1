//! The trust settings: a folder of certificates and revocation lists, read at start.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::CliError;
use crate::signature::x509::trust::{Policy, RevocationChecking, Trust};

/// The trusted certificates.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct TrustArguments {
    /// The folder.
    #[arg(
        long,
        value_name = "目录",
        env = "HONGTOU_TRUST",
        hide_env = true,
        help = "信任的根证书和吊销列表所在的目录（PEM或DER；默认不信任任何证书；环境变量HONGTOU_TRUST）"
    )]
    pub trust: Option<PathBuf>,
    /// Whether revocation information is required for every certificate.
    #[arg(
        long,
        value_name = "策略",
        env = "HONGTOU_REVOCATION",
        hide_env = true,
        value_enum,
        default_value_t = RevocationChoice::Required,
        hide_default_value = true,
        hide_possible_values = true,
        help = "吊销检查：required（必须有有效的吊销信息）或if-present（有则检查）\
                （默认required；环境变量HONGTOU_REVOCATION）"
    )]
    pub revocation: RevocationChoice,
}

/// The values of `--revocation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RevocationChoice {
    /// Revocation information is required.
    Required,
    /// Revocation information is checked if present.
    IfPresent,
}

impl TrustArguments {
    /// Reads the trusted certificates and revocation lists.
    ///
    /// # Errors
    /// Returns `CliError::Input` if the folder or a file in it cannot be read, and
    /// `CliError::Trust` if a file holds anything else.
    pub fn read(&self) -> Result<Trust, CliError> {
        let revocation = match self.revocation {
            RevocationChoice::Required => RevocationChecking::Required,
            RevocationChoice::IfPresent => RevocationChecking::IfPresent,
        };
        let files = self.trust.as_deref().map(files).transpose()?.unwrap_or_default();
        Ok(Trust::from_files(files)?.with_policy(Policy { revocation }))
    }
}

/// Reads the files of a folder, sorted by name. Hidden files and subfolders are skipped.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |cause| CliError::Input { path, cause }
    };
    let entries = fs::read_dir(folder).map_err(unreadable(folder))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable(folder))?.path();
        let is_hidden =
            path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && !is_hidden {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).map_err(unreadable(&path))?;
        Ok((path.display().to_string(), bytes))
    };
    paths.into_iter().map(read).collect()
}
