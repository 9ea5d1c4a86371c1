//! Writes `manifest.ndjson`. It is renamed to its final name last, so if it exists, every file that it
//! lists is complete.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::cli::atomic_file::Part;
use crate::generate::manifest::Entry;

/// A manifest under its temporary name.
pub(crate) struct Manifest {
    part: BufWriter<Part>,
    path: PathBuf,
}

impl Manifest {
    /// Starts a manifest. Deletes an older one first, because it does not describe the new files.
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

    /// Syncs the manifest and gives it its final name.
    pub(crate) fn finish(self) -> io::Result<()> {
        let part = self.part.into_inner().map_err(io::IntoInnerError::into_error)?;
        let whole = part.sync()?;
        // The content of each file was synced before its rename. One sync of the folder makes all
        // renames durable.
        sync_folder(&self.path)?;
        whole.name(&self.path)?;
        sync_folder(&self.path)
    }
}

/// Syncs the folder of a file, which makes renames in it durable. Does nothing where folders cannot
/// be synced.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
