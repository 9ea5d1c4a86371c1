//! Writes a file whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is being written and has no name of its own yet.
#[derive(Debug)]
pub struct Part {
    file: File,
    unnamed: Unnamed,
}

/// A file that is on disk as a whole and has no name of its own yet.
#[derive(Debug)]
pub struct Whole(Unnamed);

/// Where a file lies hidden until it has its name; it vanishes with this value.
#[derive(Debug)]
struct Unnamed(PathBuf);

/// Writes the bytes beside the path, then moves them over it: who opens the path sees the old
/// file or the new one, never a part.
///
/// # Errors
/// Where the folder or the file cannot be written; nothing is left behind then.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut part = Part::beside(path)?;
    part.write_all(bytes)?;
    part.sync()?.name(path)
}

impl Part {
    /// An empty file in the folder of a path, hidden under a name made from the path's.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn beside(path: &Path) -> io::Result<Self> {
        // The process id keeps apart two commands that write the same file at once.
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let path = path.with_file_name(name);
        Ok(Self { file: File::create_new(&path)?, unnamed: Unnamed(path) })
    }

    /// Waits until the bytes are on disk.
    ///
    /// # Errors
    /// Where they cannot be brought there.
    pub fn sync(self) -> io::Result<Whole> {
        self.file.sync_all()?;
        Ok(Whole(self.unnamed))
    }
}

impl Whole {
    /// Gives the file its name, in the place of any older file of that name.
    ///
    /// # Errors
    /// Where the name cannot be taken.
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
        // Once it is named, nothing lies here; before that the first error is the one to tell.
        let _ = fs::remove_file(&self.0);
    }
}
