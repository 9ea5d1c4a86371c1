//! Writes `manifest.ndjson`, after the files it lists.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::cli::atomic_file::Part;
use crate::generate::manifest::Entry;

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

    pub(crate) fn add(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.part.write_all(&entry.to_line())
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
