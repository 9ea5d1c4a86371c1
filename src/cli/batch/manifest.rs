//! `manifest.ndjson`: an entry a line, in the order of the input.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::atomic_file::Part;
use crate::validate::findings::violation::Violation;

/// What the manifest says of a line.
#[derive(Debug, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// A filing.
    Made {
        line: usize,
        document_number: String,
        file: String,
        pages: usize,
        sha256: String,
        warnings: Vec<Violation>,
        /// The first line with the same 发文字号, where that is another one.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_number_as_line: Option<usize>,
    },
    /// The rules refuse the line.
    Refused { line: usize, errors: Vec<Violation>, warnings: Vec<Violation> },
    /// It cannot be read as JSON.
    Unreadable {
        line: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<usize>,
        detail: String,
    },
    /// The program failed at it.
    Failed { line: usize, detail: String },
}

impl Entry {
    /// Why there is no filing, in a sentence; `None` where there is one.
    pub(crate) fn why_not(&self) -> Option<String> {
        match self {
            Self::Made { .. } => None,
            Self::Refused { line, errors, .. } => {
                let first = errors.first().map(ToString::to_string).unwrap_or_default();
                Some(format!("第{line}行未生成，错误{}处，第一处：{first}", errors.len()))
            }
            Self::Unreadable { line, column: Some(column), detail } => {
                Some(format!("第{line}行未生成，第{column}个字符处：{detail}"))
            }
            Self::Unreadable { line, column: None, detail } | Self::Failed { line, detail } => {
                Some(format!("第{line}行未生成：{detail}"))
            }
        }
    }
}

/// A manifest that has no name yet: it gets it when every file that it names is there.
pub(crate) struct Manifest {
    part: BufWriter<Part>,
    path: PathBuf,
}

impl Manifest {
    /// Begins one. An older one goes first, since it no longer tells what lies beside it.
    pub(crate) fn begin(folder: &Path) -> io::Result<Self> {
        let path = folder.join("manifest.ndjson");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self { part: BufWriter::new(Part::beside(&path)?), path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn add(&mut self, entry: &Entry) -> io::Result<()> {
        serde_json::to_writer(&mut self.part, entry)?;
        self.part.write_all(b"\n")
    }

    /// Finishes it: whoever sees it sees every file that it names.
    pub(crate) fn finish(self) -> io::Result<()> {
        let part = self.part.into_inner().map_err(io::IntoInnerError::into_error)?;
        let whole = part.sync()?;
        // The bytes of each file are on disk before it has its name; the names themselves are
        // brought there once for all.
        sync_folder(&self.path)?;
        whole.name(&self.path)?;
        sync_folder(&self.path)
    }
}

/// Brings the names in a file's folder to the disk, where the system has a way to.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
