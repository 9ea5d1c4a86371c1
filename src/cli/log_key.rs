//! The file with the key of the log, or of a witness.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::archive::objects::sha256;
use crate::cli::error::CliError;
use crate::http::access::origin::Origin;
use crate::log::note::keys::{Algorithm, SigningKey};

/// The name of the file in the data folder.
pub const FILE: &str = "log.key";

/// Reads the file, and makes it first if there is none: only its owner may read it.
///
/// # Errors
/// Returns `CliError::Input` if it cannot be read, and `CliError::Output` if it cannot be written.
pub fn read_or_make(path: &Path) -> Result<String, CliError> {
    match fs::read_to_string(path) {
        Ok(content) => return Ok(content),
        Err(cause) if cause.kind() == ErrorKind::NotFound => {}
        Err(cause) => return Err(CliError::Input { path: path.to_owned(), cause }),
    }
    make(path).map_err(|cause| CliError::Output { path: path.to_owned(), cause })?;
    // Another server may have made it at the same moment.
    fs::read_to_string(path).map_err(|cause| CliError::Input { path: path.to_owned(), cause })
}

fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let (mut ed25519, mut sm2) = ([0; 32], [0; 32]);
    // Almost every value is an SM2 key.
    while SigningKey::from_seeds("key", &ed25519, &sm2).is_none() {
        getrandom::fill(&mut ed25519).expect("a running system has random bytes");
        getrandom::fill(&mut sm2).expect("a running system has random bytes");
    }
    // A new temporary file has mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(SigningKey::file(&ed25519, &sm2).as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

/// The key in a file, which signs under this name.
///
/// # Errors
/// Returns `CliError::LogKey` if the file has no key.
pub fn parse(path: &Path, content: &str, name: &str) -> Result<SigningKey, CliError> {
    SigningKey::parse_file(name, content).map_err(|_| CliError::LogKey { path: path.to_owned() })
}

/// The origin of a new log: the host of the public URL, or a part of the digest of the key.
///
/// # Errors
/// Like `parse`.
pub fn default_origin(
    path: &Path,
    content: &str,
    public_url: Option<&Origin>,
) -> Result<String, CliError> {
    if let Some((_, host)) = public_url.and_then(|url| url.as_str().split_once("://")) {
        return Ok(format!("{host}/hongtou/1"));
    }
    let key = parse(path, content, "key")?.verifier(Algorithm::Ed25519).public_key;
    Ok(format!("hongtou/{}/1", &sha256(&key)[..12]))
}
