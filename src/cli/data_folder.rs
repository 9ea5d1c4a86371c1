//! The data folder: only its owner may read it, and one server at a time uses it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// The file that the running server has locked.
const LOCK: &str = "serve.lock";

/// Creates the folder unless it exists, and takes the access of others away, also from the files that
/// were made before.
///
/// # Errors
/// Returns the `io::Error` if the folder cannot be created.
pub fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    close_to_others(folder)
}

/// Locks the folder.
///
/// # Errors
/// Returns `TryLockError::WouldBlock` if another process has locked it, and `TryLockError::Error` if
/// the file cannot be created.
pub fn lock(folder: &Path) -> Result<File, TryLockError> {
    let mut options = OpenOptions::new();
    let lock = options.create(true).truncate(false).write(true).open(folder.join(LOCK));
    let lock = lock.map_err(TryLockError::Error)?;
    lock.try_lock()?;
    Ok(lock)
}

#[cfg(unix)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            set_mode(&entry.path(), 0o600);
        }
    }
    set_mode(folder, 0o700);
    Ok(())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    // Somebody else may own the folder. Then its modes are theirs to set.
    if let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        tracing::warn!(path = %path.display(), %error, "the access of others stays as it is");
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes all files and folders that this process creates accessible to its user only.
#[cfg(unix)]
pub fn close_new_files() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

#[cfg(not(unix))]
pub fn close_new_files() {}
