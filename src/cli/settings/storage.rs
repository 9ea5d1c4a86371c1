//! The settings of the archive's storage, and opening it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::archive::Archive;
use crate::archive::clock::SystemClock;
use crate::archive::database::{Database, SQLITE_FILE};
use crate::archive::error::ArchiveError;
use crate::archive::objects::Objects;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::data_folder;
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
        hide_env_values = true,
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
    /// database or the object store cannot be opened, and `CliError::MoveUnfinished` if only a part of
    /// an archive has been moved into it.
    pub async fn open(&self) -> Result<Archive, CliError> {
        let archive = self.open_for_move().await?;
        if archive.is_incomplete().await.map_err(CliError::Database)? {
            return Err(CliError::MoveUnfinished);
        }
        Ok(archive)
    }

    /// Opens the archive for a command that needs one, and makes none.
    ///
    /// # Errors
    /// Like `open`, and `CliError::NoArchive` if nothing is stored in the data folder.
    pub async fn open_existing(&self) -> Result<Archive, CliError> {
        self.require_archive()?;
        self.open().await
    }

    /// Checks that something is stored in the data folder, if it is used.
    ///
    /// # Errors
    /// Returns `CliError::NoArchive` if nothing is.
    pub fn require_archive(&self) -> Result<(), CliError> {
        match self.empty_folder() {
            Some(folder) => Err(CliError::NoArchive { path: folder.to_owned() }),
            None => Ok(()),
        }
    }

    /// Opens the archive, whether it is complete or not.
    ///
    /// # Errors
    /// Like `open`, without `CliError::MoveUnfinished`.
    pub async fn open_for_move(&self) -> Result<Archive, CliError> {
        let folder = std::path::absolute(&self.data).map_err(|cause| self.no_folder(cause))?;
        if self.folder().is_some() {
            data_folder::create(&folder).map_err(|cause| self.no_folder(cause))?;
        }
        let objects = self.objects(&folder).map_err(CliError::Store)?;
        let database = self.open_database(&folder).await.map_err(CliError::Database)?;
        Ok(Archive::new(database, objects, Arc::new(SystemClock)))
    }

    /// The data folder, if records or objects are stored in it.
    pub fn folder(&self) -> Option<&Path> {
        (self.database.is_none() || self.store.is_none()).then_some(&*self.data)
    }

    /// The data folder if nothing is stored in it yet, so that opening the archive would make one.
    pub fn empty_folder(&self) -> Option<&Path> {
        let has_database = || self.database.is_some() || self.data.join(SQLITE_FILE).exists();
        self.folder().filter(|folder| !folder.is_dir() || !has_database())
    }

    /// Locks the data folder for this server, if it is used. The lock ends with the file or the
    /// process.
    ///
    /// # Errors
    /// Returns `CliError::FolderInUse` if another server uses the folder, and `CliError::Output` if it
    /// cannot be written to.
    pub fn lock(&self) -> Result<Option<File>, CliError> {
        let Some(folder) = self.folder() else { return Ok(None) };
        data_folder::create(folder).map_err(|cause| self.no_folder(cause))?;
        match data_folder::lock(folder) {
            Ok(lock) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Err(CliError::FolderInUse { path: folder.to_owned() }),
            Err(TryLockError::Error(cause)) => Err(self.no_folder(cause)),
        }
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

/// Parses the URL of a database.
pub(crate) fn database_url(text: &str) -> Result<String, &'static str> {
    begins_with(text, &["sqlite:", "postgres://", "postgresql://"])
}

/// Parses the URL of an object store.
pub(crate) fn store_url(text: &str) -> Result<String, &'static str> {
    begins_with(text, &["s3://"])
}

fn begins_with(text: &str, beginnings: &[&str]) -> Result<String, &'static str> {
    let is_known = beginnings.iter().any(|beginning| text.starts_with(beginning));
    is_known.then(|| text.to_owned()).ok_or("unsupported scheme")
}
