//! Archives for tests, each in a folder of its own. If the environment names the services, each is in
//! a PostgreSQL database and under a prefix of an S3 bucket of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use hongtou::archive::Archive;
use hongtou::archive::clock::{Clock, SystemClock};
use hongtou::archive::database::Database;
use hongtou::archive::objects::Objects;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The folder of all archives. Emptied at the start of a run, so that the files of the last run can
/// be inspected.
static FOLDERS: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archives");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
});

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Creates a new folder.
pub(crate) fn folder() -> PathBuf {
    let folder = FOLDERS.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// An empty archive.
pub(crate) async fn empty() -> Archive {
    in_folder(&folder()).await
}

/// The archive of a folder. Opening it again finds what was stored.
pub(crate) async fn in_folder(folder: &Path) -> Archive {
    at(folder, Arc::new(SystemClock)).await
}

/// The archive of a folder, with another clock.
pub(crate) async fn at(folder: &Path, clock: Arc<dyn Clock>) -> Archive {
    let database = match setting("HONGTOU_TEST_DATABASE") {
        Some(admin) => in_postgres(&admin, folder).await,
        None => Database::in_folder(folder).await.unwrap(),
    };
    let objects = match setting("HONGTOU_TEST_STORE") {
        Some(bucket) => in_s3(&bucket, folder),
        None => Objects::in_folder(&folder.join("objects")).unwrap(),
    };
    Archive::new(database, objects, clock)
}

/// The database of a folder, on the server of the database `admin`.
async fn in_postgres(admin: &str, folder: &Path) -> Database {
    let name = format!("hongtou_test_{}", own_name(folder));
    let mut connection = PgConnection::connect(admin).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    match sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await {
        Ok(_) => {}
        // The database exists, because the folder was opened before.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P04") => {}
        Err(error) => panic!("{error}"),
    }
    let (server, _) = admin.rsplit_once('/').unwrap();
    Database::open(&format!("{server}/{name}")).await.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the variables that all S3 tools use")]
fn in_s3(bucket: &str, folder: &Path) -> Objects {
    let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
    Objects::in_bucket(&format!("{bucket}/{}", own_name(folder)), options).unwrap()
}

/// A name that is unique across folders and test runs.
fn own_name(folder: &Path) -> String {
    format!("{}_{}", std::process::id(), folder.file_name().unwrap().to_str().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "selects the services of the tests")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
