//! Archives for tests, each in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use hongtou::archive::Archive;
use hongtou::archive::clock::{Clock, SystemClock};
use hongtou::archive::database::Database;
use hongtou::archive::objects::Objects;

/// Emptied when a run of the tests first needs it: what the last run left can be looked at till then.
static FOLDERS: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archives");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
});

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A new folder.
pub(crate) fn folder() -> PathBuf {
    let folder = FOLDERS.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// An archive that holds nothing.
pub(crate) async fn empty() -> Archive {
    in_folder(&folder()).await
}

/// The archive of a folder.
pub(crate) async fn in_folder(folder: &Path) -> Archive {
    at(folder, Arc::new(SystemClock)).await
}

/// The archive of a folder, by another clock.
pub(crate) async fn at(folder: &Path, clock: Arc<dyn Clock>) -> Archive {
    let database = Database::in_folder(folder).await.unwrap();
    let objects = Objects::in_folder(&folder.join("objects")).unwrap();
    Archive::new(database, objects, clock)
}
