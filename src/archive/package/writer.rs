//! Writes a BagIt bag: payload files with two digests each, then the tag files.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256, Sha512};

use crate::archive::package::error::PackageError;

/// A bag that is being written. It is complete after `finish`.
#[derive(Debug)]
pub(crate) struct BagWriter {
    folder: PathBuf,
    sha256: String,
    sha512: String,
    bytes: u64,
    files: u64,
}

impl BagWriter {
    /// Begins a bag in a new folder.
    pub(crate) fn new(folder: &Path) -> Result<Self, PackageError> {
        if folder.exists() {
            return Err(PackageError::Exists);
        }
        fs::create_dir_all(folder)?;
        let folder = folder.to_owned();
        Ok(Self { folder, sha256: String::new(), sha512: String::new(), bytes: 0, files: 0 })
    }

    /// Adds a payload file. The path is below `data/`, with `/` between its parts.
    pub(crate) fn add(&mut self, path: &str, content: &[u8]) -> Result<(), PackageError> {
        let path = format!("data/{path}");
        let place = self.folder.join(&path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        synced(&place, content)?;
        // Writing to a string cannot fail.
        let _ = writeln!(self.sha256, "{}  {path}", hex::encode(Sha256::digest(content)));
        let _ = writeln!(self.sha512, "{}  {path}", hex::encode(Sha512::digest(content)));
        self.bytes += content.len() as u64;
        self.files += 1;
        Ok(())
    }

    /// Writes the tag files, the list of them last. `info` is for `bag-info.txt`.
    pub(crate) fn finish(self, info: &[(&str, &str)]) -> Result<(), PackageError> {
        let mut about = String::new();
        for (name, value) in info {
            let _ = writeln!(about, "{name}: {value}");
        }
        let _ = writeln!(about, "Payload-Oxum: {}.{}", self.bytes, self.files);
        let tags = [
            ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
            ("bag-info.txt", about),
            ("manifest-sha256.txt", self.sha256),
            ("manifest-sha512.txt", self.sha512),
        ];
        let mut list = String::new();
        for (name, content) in tags {
            synced(&self.folder.join(name), content.as_bytes())?;
            let _ = writeln!(list, "{}  {name}", hex::encode(Sha256::digest(&content)));
        }
        synced(&self.folder.join("tagmanifest-sha256.txt"), list.as_bytes())
    }
}

fn synced(path: &Path, content: &[u8]) -> Result<(), PackageError> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    Ok(file.sync_all()?)
}
