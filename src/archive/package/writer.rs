//! Writes a BagIt bag: payload files with two digests each, then the tag files. The manifests are
//! written as files are added, so that the memory does not grow with the bag.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256, Sha512};

use crate::archive::package::error::PackageError;

/// A bag that is being written. It is complete after `finish`.
#[derive(Debug)]
pub(crate) struct BagWriter {
    folder: PathBuf,
    sha256: TagFile,
    sha512: TagFile,
    bytes: u64,
    files: u64,
}

/// A manifest that is being written.
#[derive(Debug)]
struct TagFile {
    name: &'static str,
    file: BufWriter<File>,
    sha256: Sha256,
}

/// A payload file that is being written.
#[derive(Debug)]
pub(crate) struct Payload {
    path: String,
    file: BufWriter<File>,
    sha256: Sha256,
    sha512: Sha512,
    bytes: u64,
}

/// What a bag contains, when all of its payload is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The bytes of the payload.
    pub(crate) bytes: u64,
    /// The SHA-256 of `manifest-sha256.txt`, which stands for the whole payload.
    pub(crate) manifest_sha256: String,
}

impl BagWriter {
    /// Begins a bag in a new folder.
    pub(crate) fn new(folder: &Path) -> Result<Self, PackageError> {
        if folder.exists() {
            return Err(PackageError::Exists);
        }
        fs::create_dir_all(folder)?;
        Ok(Self {
            sha256: TagFile::new(folder, "manifest-sha256.txt")?,
            sha512: TagFile::new(folder, "manifest-sha512.txt")?,
            folder: folder.to_owned(),
            bytes: 0,
            files: 0,
        })
    }

    /// Begins a payload file. The path is below `data/`, with `/` between its parts.
    pub(crate) fn begin(&self, path: &str) -> Result<Payload, PackageError> {
        let path = format!("data/{path}");
        let place = self.folder.join(&path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = BufWriter::new(File::create_new(place)?);
        Ok(Payload { path, file, sha256: Sha256::new(), sha512: Sha512::new(), bytes: 0 })
    }

    /// Ends a payload file.
    pub(crate) fn end(&mut self, payload: Payload) -> Result<(), PackageError> {
        let Payload { path, file, sha256, sha512, bytes } = payload;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        self.sha256.write(&format!("{}  {path}\n", hex::encode(sha256.finalize())))?;
        self.sha512.write(&format!("{}  {path}\n", hex::encode(sha512.finalize())))?;
        self.bytes += bytes;
        self.files += 1;
        Ok(())
    }

    /// Adds a whole payload file.
    pub(crate) fn add(&mut self, path: &str, content: &[u8]) -> Result<(), PackageError> {
        let mut payload = self.begin(path)?;
        payload.write(content)?;
        self.end(payload)
    }

    /// Writes the tag files, the list of them last. `info` is for `bag-info.txt`; `beside` makes a tag
    /// file about the contents of the bag.
    pub(crate) fn finish(
        self,
        info: &[(&str, &str)],
        beside: (&str, impl FnOnce(&Contents) -> Result<Vec<u8>, PackageError>),
    ) -> Result<(), PackageError> {
        let mut about = String::new();
        for (name, value) in info {
            // Writing to a string cannot fail.
            let _ = writeln!(about, "{name}: {value}");
        }
        let _ = writeln!(about, "Payload-Oxum: {}.{}", self.bytes, self.files);
        let mut list = String::new();
        let (sha256, sha512) = (self.sha256.finish()?, self.sha512.finish()?);
        let contents = Contents { bytes: self.bytes, manifest_sha256: sha256.1.clone() };
        let (name, make) = beside;
        for (name, content) in [
            ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_vec()),
            ("bag-info.txt", about.into_bytes()),
            (name, make(&contents)?),
        ] {
            synced(&self.folder.join(name), &content)?;
            let _ = writeln!(list, "{}  {name}", hex::encode(Sha256::digest(&content)));
        }
        for (name, digest) in [sha256, sha512] {
            let _ = writeln!(list, "{digest}  {name}");
        }
        synced(&self.folder.join("tagmanifest-sha256.txt"), list.as_bytes())
    }
}

impl Payload {
    /// Appends to the file.
    pub(crate) fn write(&mut self, content: &[u8]) -> Result<(), PackageError> {
        self.file.write_all(content)?;
        self.sha256.update(content);
        self.sha512.update(content);
        self.bytes += content.len() as u64;
        Ok(())
    }
}

impl TagFile {
    fn new(folder: &Path, name: &'static str) -> Result<Self, PackageError> {
        let file = BufWriter::new(File::create_new(folder.join(name))?);
        Ok(Self { name, file, sha256: Sha256::new() })
    }

    fn write(&mut self, line: &str) -> Result<(), PackageError> {
        self.sha256.update(line);
        Ok(self.file.write_all(line.as_bytes())?)
    }

    /// Ends the file and returns its name and SHA-256.
    fn finish(self) -> Result<(&'static str, String), PackageError> {
        self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        Ok((self.name, hex::encode(self.sha256.finalize())))
    }
}

fn synced(path: &Path, content: &[u8]) -> Result<(), PackageError> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    Ok(file.sync_all()?)
}
