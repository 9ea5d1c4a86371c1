//! Writes a file completely or not at all.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

/// A file that is being written under a temporary name; deleted on drop.
#[derive(Debug)]
pub struct Part(NamedTempFile);

/// A complete file on disk that still has its temporary name; deleted on drop.
#[derive(Debug)]
pub struct Whole(TempPath);

/// Writes the bytes to a temporary file in the same folder and renames it to `path`. A reader of
/// `path` sees the old file or the new one, never a part.
///
/// # Errors
/// Returns the `io::Error` of the folder or the file. No temporary file remains.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut part = Part::beside(path)?;
    part.write_all(bytes)?;
    part.sync()?.name(path)
}

impl Part {
    /// Creates an empty file in the folder of `path` under a hidden, temporary name.
    ///
    /// # Errors
    /// Returns the `io::Error` if the folder cannot be written to.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let mut prefix = OsString::from(".");
        prefix.push(path.file_name().unwrap_or_default());
        prefix.push(".");
        tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(".part")
            // Not `tempfile_in`: its files can be read by their owner only.
            .make_in(path.parent().unwrap_or_else(|| Path::new("")), |path| File::create_new(path))
            .map(Self)
    }

    /// Syncs the bytes to disk.
    ///
    /// # Errors
    /// Returns the `io::Error` of the disk.
    pub fn sync(self) -> io::Result<Whole> {
        self.0.as_file().sync_all()?;
        Ok(Whole(self.0.into_temp_path()))
    }
}

impl Whole {
    /// Renames the file to `path`, replacing an older file.
    ///
    /// # Errors
    /// Returns the `io::Error` if the file cannot be renamed.
    pub fn name(self, path: &Path) -> io::Result<()> {
        self.0.persist(path).map_err(|error| error.error)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Not the writer of `NamedTempFile`: its errors hide the number of the system's error.
        self.0.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_file_mut().flush()
    }
}
