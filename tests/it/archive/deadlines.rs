//! Every call to the database returns, even if the database does not respond.

use std::sync::Arc;
use std::time::Duration;

use hongtou::archive::Archive;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::Database;
use hongtou::archive::error::ArchiveError;
use hongtou::archive::objects::Objects;
use sqlx::AssertSqlSafe;

use crate::archive::services;

/// Takes much longer than `DEADLINE`, but ends.
const SLOW: &str = "SELECT MAX(i) AS i FROM (WITH RECURSIVE n(i) AS \
     (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000) SELECT i FROM n)";

const DEADLINE: Duration = Duration::from_millis(50);

async fn slow_archive() -> Archive {
    let folder = services::folder();
    let database = Database::in_folder(&folder).await.unwrap();
    for table in ["audit_trail", "api_keys"] {
        let rename = format!("ALTER TABLE {table} RENAME TO {table}_rows");
        database.query(AssertSqlSafe(rename)).execute().await.unwrap();
        let view = format!(
            "CREATE VIEW {table} AS SELECT r.* FROM ({SLOW}) slow CROSS JOIN {table}_rows r"
        );
        database.query(AssertSqlSafe(view)).execute().await.unwrap();
    }
    let objects = Objects::in_folder(&folder.join("files")).unwrap();
    Archive::new(database.with_deadline(DEADLINE), objects, Arc::new(SystemClock))
}

#[track_caller]
fn assert_deadline<T>(result: Result<T, ArchiveError>) {
    let Err(error) = result else { panic!("the call waited for the slow database") };
    assert!(matches!(error, ArchiveError::Deadline), "{error:?}");
}

#[tokio::test]
async fn a_slow_statement_ends_at_its_deadline() {
    let archive = slow_archive().await;
    assert_deadline(archive.database.query(SLOW).fetch_one().await);
    let in_transaction = async { archive.database.begin().await?.query(SLOW).fetch_all().await };
    assert_deadline(in_transaction.await);
}

#[tokio::test]
async fn slow_reads_end_at_their_deadline() {
    let archive = slow_archive().await;
    assert_deadline(archive.trail(&TrailFilter::default(), 10).await);
    assert_deadline(archive.keys().await);
    assert_deadline(archive.has_keys().await);
}
