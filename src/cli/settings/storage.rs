//! The settings of the archive's storage, and opening it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::archive::Archive;
use crate::archive::clock::SystemClock;
use crate::archive::database::Database;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Objects;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::CliError;
use crate::cli::settings::settings_file::SettingsFile;

/// Where records and objects are stored.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Storage {
    /// The settings file, which may set the other fields.
    #[command(flatten)]
    pub settings: SettingsFile,
    /// The data folder.
    #[arg(
        long,
        value_name = "目录",
        env = "HONGTOU_DATA",
        hide_env = true,
        default_value = "hongtou-data",
        hide_default_value = true,
        help = "数据目录，存放记录和公文（默认hongtou-data；环境变量HONGTOU_DATA）"
    )]
    pub data: PathBuf,
    /// The URL of the database; by default SQLite in the data folder.
    #[arg(
        long,
        value_name = "地址",
        env = "HONGTOU_DATABASE",
        hide_env = true,
        value_parser = database_url,
        help = "数据库地址，如postgres://…（默认为数据目录中的SQLite；环境变量HONGTOU_DATABASE）"
    )]
    pub database: Option<String>,
    /// The URL of the object store; by default a folder in the data folder.
    #[arg(
        long,
        value_name = "地址",
        env = "HONGTOU_STORE",
        hide_env = true,
        value_parser = store_url,
        help = "文件存储地址，如s3://桶名（默认为数据目录；环境变量HONGTOU_STORE，另读AWS_开头的变量）"
    )]
    pub store: Option<String>,
}

impl Storage {
    /// Opens the archive.
    ///
    /// # Errors
    /// Returns `CliError::Output`, `CliError::Database` or `CliError::Store` if the folder, the
    /// database or the object store cannot be opened.
    pub async fn open(&self) -> Result<Archive, CliError> {
        let folder = std::path::absolute(&self.data).map_err(|cause| self.no_folder(cause))?;
        if self.database.is_none() || self.store.is_none() {
            std::fs::create_dir_all(&folder).map_err(|cause| self.no_folder(cause))?;
        }
        let objects = self.objects(&folder).map_err(CliError::Store)?;
        let database = self.open_database(&folder).await.map_err(CliError::Database)?;
        Ok(Archive::new(database, objects, Arc::new(SystemClock)))
    }

    async fn open_database(&self, folder: &Path) -> Result<Database, ArchiveError> {
        match &self.database {
            Some(url) => Database::open(url).await,
            None => Database::in_folder(folder).await,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the names are those of all tools for S3")]
    fn objects(&self, folder: &Path) -> Result<Objects, ArchiveError> {
        let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
        match &self.store {
            Some(url) => Objects::in_bucket(url, options),
            None => Objects::in_folder(&folder.join("objects")),
        }
    }

    fn no_folder(&self, cause: std::io::Error) -> CliError {
        CliError::Output { path: self.data.clone(), cause }
    }
}

fn database_url(text: &str) -> Result<String, &'static str> {
    begins_with(text, &["sqlite:", "postgres://", "postgresql://"])
}

fn store_url(text: &str) -> Result<String, &'static str> {
    begins_with(text, &["s3://"])
}

fn begins_with(text: &str, beginnings: &[&str]) -> Result<String, &'static str> {
    let is_known = beginnings.iter().any(|beginning| text.starts_with(beginning));
    is_known.then(|| text.to_owned()).ok_or("unsupported scheme")
}
