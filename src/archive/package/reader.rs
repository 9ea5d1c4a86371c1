//! Reads a BagIt bag, after it has compared every file with the manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::archive::package::error::PackageError;

/// A bag whose files are all there and have the bytes of the manifest.
#[derive(Debug)]
pub(crate) struct BagReader {
    folder: PathBuf,
    /// The SHA-256 of each payload file, by path.
    files: BTreeMap<String, String>,
}

impl BagReader {
    /// Opens a bag and checks all of it.
    pub(crate) fn open(folder: &Path) -> Result<Self, PackageError> {
        let version = fs::read_to_string(folder.join("bagit.txt"))
            .map_err(|_| PackageError::NotAPackage("bagit.txt".to_owned()))?;
        if !version.starts_with("BagIt-Version: 1.0\n") {
            return Err(PackageError::NotAPackage("bagit.txt".to_owned()));
        }
        let files = manifest(folder, "manifest-sha256.txt")?;
        let tags = manifest(folder, "tagmanifest-sha256.txt")?;
        for (path, sha256) in files.iter().chain(&tags) {
            check(folder, path, sha256)?;
        }
        let mut found = BTreeSet::new();
        list(&folder.join("data"), "data", &mut found)?;
        match found.iter().find(|path| !files.contains_key(*path)) {
            Some(extra) => Err(PackageError::Damaged(extra.clone())),
            None => Ok(Self { folder: folder.to_owned(), files }),
        }
    }

    /// The payload files with their SHA-256.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, sha256)| (path.as_str(), sha256.as_str()))
    }

    /// The content of a payload file.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, PackageError> {
        Ok(fs::read(self.folder.join(path))?)
    }
}

fn manifest(folder: &Path, name: &str) -> Result<BTreeMap<String, String>, PackageError> {
    let text = fs::read_to_string(folder.join(name))
        .map_err(|_| PackageError::NotAPackage(name.to_owned()))?;
    text.lines()
        .map(|line| {
            let (sha256, path) = line
                .split_once("  ")
                .ok_or_else(|| PackageError::NotAPackage(format!("{name}: {line}")))?;
            // A path may not leave the bag.
            let is_inside =
                Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            if is_inside {
                Ok((path.to_owned(), sha256.to_owned()))
            } else {
                Err(PackageError::NotAPackage(path.to_owned()))
            }
        })
        .collect()
}

fn check(folder: &Path, path: &str, sha256: &str) -> Result<(), PackageError> {
    let damaged = || PackageError::Damaged(path.to_owned());
    let place = folder.join(path);
    // A link may point anywhere.
    if !fs::symlink_metadata(&place).map_err(|_| damaged())?.is_file() {
        return Err(damaged());
    }
    let content = fs::read(place)?;
    if hex::encode(Sha256::digest(content)) == sha256 { Ok(()) } else { Err(damaged()) }
}

fn list(folder: &Path, path: &str, found: &mut BTreeSet<String>) -> Result<(), PackageError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}
