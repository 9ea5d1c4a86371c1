//! Writes a file completely or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is being written under a temporary name.
#[derive(Debug)]
pub struct Part {
    file: File,
    unnamed: Unnamed,
}

/// A complete file on disk that still has its temporary name.
#[derive(Debug)]
pub struct Whole(Unnamed);

/// A temporary path; the file is deleted on drop.
#[derive(Debug)]
struct Unnamed(PathBuf);

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
        // The process id separates two commands that write the same file at once.
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let path = path.with_file_name(name);
        Ok(Self { file: File::create_new(&path)?, unnamed: Unnamed(path) })
    }

    /// Syncs the bytes to disk.
    ///
    /// # Errors
    /// Returns the `io::Error` of the disk.
    pub fn sync(self) -> io::Result<Whole> {
        self.file.sync_all()?;
        Ok(Whole(self.unnamed))
    }
}

impl Whole {
    /// Renames the file to `path`, replacing an older file.
    ///
    /// # Errors
    /// Returns the `io::Error` if the file cannot be renamed.
    pub fn name(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0.0, path)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        // After the rename there is nothing to delete; before it, the first error is reported.
        let _ = fs::remove_file(&self.0);
    }
}
