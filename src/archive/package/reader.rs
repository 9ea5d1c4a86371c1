//! Reads a BagIt bag, after it has compared every file with the manifests. The manifest is read line by
//! line, so that the memory hardly grows with the bag.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::archive::package::error::PackageError;

/// The manifest of the payload.
const MANIFEST: &str = "manifest-sha256.txt";

/// How much of a file is read at a time.
const CHUNK: usize = 1 << 20;

/// A bag whose files are all there and have the bytes of the manifest.
#[derive(Debug)]
pub(crate) struct BagReader {
    folder: PathBuf,
}

/// A file of a bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BagFile {
    /// Its path in the bag.
    pub(crate) path: String,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

/// The files of a manifest, in its order.
type Files = Box<dyn Iterator<Item = Result<BagFile, PackageError>>>;

impl BagReader {
    /// Opens a bag and checks all of it. Passes each payload file that is whole to `on_file`.
    pub(crate) fn open(
        folder: &Path,
        mut on_file: impl FnMut(&BagFile),
    ) -> Result<Self, PackageError> {
        check_version(folder)?;
        for tag in manifest(folder, "tagmanifest-sha256.txt")? {
            check(folder, &tag?)?;
        }
        let mut listed = BTreeSet::new();
        for file in manifest(folder, MANIFEST)? {
            let file = file?;
            check(folder, &file)?;
            listed.insert(short(&file.path));
            on_file(&file);
        }
        find_extra(&folder.join("data"), "data", &listed)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The payload files.
    pub(crate) fn files(&self) -> Result<Files, PackageError> {
        manifest(&self.folder, MANIFEST)
    }

    /// Where a payload file is.
    pub(crate) fn place(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The content of a payload file.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, PackageError> {
        Ok(fs::read(self.place(path))?)
    }
}

/// Refuses a folder that is no bag.
pub(crate) fn check_version(folder: &Path) -> Result<(), PackageError> {
    match fs::read_to_string(folder.join("bagit.txt")) {
        Ok(version) if version.starts_with("BagIt-Version: 1.0\n") => Ok(()),
        _ => Err(PackageError::NotAPackage("bagit.txt".to_owned())),
    }
}

/// The lines of a manifest.
fn manifest(folder: &Path, name: &'static str) -> Result<Files, PackageError> {
    let file = File::open(folder.join(name));
    let file = file.map_err(|_| PackageError::NotAPackage(name.to_owned()))?;
    Ok(Box::new(BufReader::new(file).lines().map(move |line| {
        let line = line?;
        let (sha256, path) = line
            .split_once("  ")
            .ok_or_else(|| PackageError::NotAPackage(format!("{name}: {line}")))?;
        // A path may not leave the bag.
        let is_inside =
            Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if is_inside {
            Ok(BagFile { path: path.to_owned(), sha256: sha256.to_owned() })
        } else {
            Err(PackageError::NotAPackage(path.to_owned()))
        }
    })))
}

fn check(folder: &Path, BagFile { path, sha256 }: &BagFile) -> Result<(), PackageError> {
    let damaged = || PackageError::Damaged(path.clone());
    let place = folder.join(path);
    // A link may point anywhere.
    if !fs::symlink_metadata(&place).map_err(|_| damaged())?.is_file() {
        return Err(damaged());
    }
    let (mut file, mut hash) = (File::open(place)?, Sha256::new());
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            length => hash.update(&chunk[..length]),
        }
    }
    if hex::encode(hash.finalize()) == *sha256 { Ok(()) } else { Err(damaged()) }
}

/// Refuses a file that the manifest does not list.
fn find_extra(folder: &Path, path: &str, listed: &BTreeSet<u128>) -> Result<(), PackageError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            find_extra(&entry.path(), &path, listed)?;
        } else if !listed.contains(&short(&path)) {
            return Err(PackageError::Damaged(path));
        }
    }
    Ok(())
}

/// A path in 16 bytes, to remember many.
fn short(path: &str) -> u128 {
    let digest = Sha256::digest(path);
    let (half, _) = digest.split_at(16);
    half.iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}
