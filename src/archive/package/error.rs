//! Why a package cannot be written or read.

use std::io;

use crate::archive::error::ArchiveError;
use crate::render::error::RenderError;

/// Why a package cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read or written.
    #[error("a file of the package cannot be read or written")]
    Io(#[from] io::Error),
    /// The folder of the package exists.
    #[error("the folder exists")]
    Exists,
    /// This is no package of this program.
    #[error("not a package: {0}")]
    NotAPackage(String),
    /// A file is missing, extra or has other bytes.
    #[error("the package is damaged: {0}")]
    Damaged(String),
    /// The archive has records, so that nothing can be imported into it.
    #[error("the archive is not empty")]
    NotEmpty,
    /// The transfer form cannot be typeset.
    #[error("the transfer form cannot be typeset")]
    Form(#[from] RenderError),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for PackageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}
