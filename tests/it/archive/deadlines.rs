//! Every call to the database returns, even if the database does not respond.

use std::sync::Arc;
use std::time::Duration;

use hongtou::archive::Archive;
use hongtou::archive::access::caller::Caller;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::Database;
use hongtou::archive::error::ArchiveError;
use hongtou::archive::filings::search::{PageRequest, Search};
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
async fn a_slow_search_frees_its_connection_at_the_deadline() {
    let folder = services::folder();
    let database = Database::in_folder(&folder).await.unwrap();
    let change = async |sql: String| database.query(AssertSqlSafe(sql)).execute().await.unwrap();
    change("ALTER TABLE filings RENAME TO filings_rows".to_owned()).await;
    change("CREATE TABLE steps (n INTEGER)".to_owned()).await;
    change("INSERT INTO steps (n) VALUES (50000000)".to_owned()).await;
    let slow = "SELECT MAX(i) AS i FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL \
                SELECT i + 1 FROM n WHERE i < (SELECT n FROM steps)) SELECT i FROM n)";
    change(format!(
        "CREATE VIEW filings AS SELECT r.* FROM ({slow}) slow CROSS JOIN filings_rows r"
    ))
    .await;
    let objects = Objects::in_folder(&folder.join("files")).unwrap();
    let slow = database.clone().with_deadline(DEADLINE);
    let archive = Archive::new(slow, objects, Arc::new(SystemClock));
    let anyone = Caller::local();
    let page = PageRequest { after: None, limit: 50 };
    // More than there are connections.
    for _ in 0..9 {
        assert_deadline(archive.search(&anyone, &Search::default(), &page).await);
    }
    change("UPDATE steps SET n = 1".to_owned()).await;
    let found = archive.search(&anyone, &Search::default(), &page).await.unwrap();
    assert_eq!(found.filings, []);
}

#[tokio::test]
async fn slow_reads_end_at_their_deadline() {
    let archive = slow_archive().await;
    assert_deadline(archive.trail(&TrailFilter::default(), 10).await);
    assert_deadline(archive.keys().await);
    assert_deadline(archive.has_keys().await);
}
