//! An archive is moved into another database and object store: whole, verified, and resumed.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use hongtou::archive::Archive;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::{Database, Engine};
use hongtou::archive::error::ArchiveError;
use hongtou::archive::objects::Objects;
use hongtou::archive::transfer::tables::{NOT_MOVED, TABLES};
use hongtou::archive::transfer::{MoveError, Moved, Transfer};
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::filings::{address, filed, get, send, server};
use crate::archive::services;
use crate::fixture;
use crate::http::access::ACTOR;
use crate::http::batches::{self, letter, work};
use crate::http::in_process::{answer, app};
use crate::signature::letter::LETTER;
use crate::signature::signer::sign;

/// An archive in a folder, even if the environment names the services.
async fn in_folder() -> Archive {
    let folder = services::folder();
    let database = Database::in_folder(&folder).await.unwrap();
    let objects = Objects::in_folder(&folder.join("objects")).unwrap();
    Archive::new(database, objects, Arc::new(SystemClock))
}

/// An archive with filings, a signed copy, a batch that waits, and keys.
async fn full() -> Archive {
    let archive = in_folder().await;
    let router = server(&archive).await;
    let signed = filed(&router, fixture::bytes("valid", "letter-2023-46")).await;
    let path = format!("{}/signed", address(&signed));
    let pdf = [("content-type", "application/pdf")];
    assert_eq!(send(&router, "PUT", &path, &pdf, sign(&LETTER)).await.status, 201);
    filed(&router, letter(1)).await;
    let jobs = Jobs::open(&archive, Default::default()).await.unwrap();
    let app = Arc::new(App { archive: archive.clone(), jobs, ..app().await });
    // No workers run.
    let lines = [letter(2), letter(3)].join("\n");
    assert_eq!(batches::post(&app, lines).await.status, 202);
    archive
}

async fn moved(source: &Archive, target: &Archive) -> Result<Vec<Moved>, MoveError> {
    let transfer = Transfer::begin(source, target).await?;
    let mut steps = Vec::new();
    transfer.copy(&mut |step| steps.push(step)).await?;
    transfer.finish(ACTOR).await?;
    Ok(steps)
}

/// All rows of a table, as text in the order of its key.
async fn rows(archive: &Archive, table: &str, key: &[&str]) -> Vec<String> {
    let json = match archive.database.engine() {
        Engine::Sqlite => {
            let columns = columns(archive, table).await;
            let pairs: Vec<String> =
                columns.iter().map(|name| format!("'{name}', {name}")).collect();
            format!("json_object({})", pairs.join(", "))
        }
        Engine::Postgres => format!("CAST(to_json({table}.*) AS TEXT)"),
    };
    let sql = format!("SELECT {json} AS one FROM {table} ORDER BY {}", key.join(", "));
    let rows = archive.database.query(AssertSqlSafe(sql)).fetch_all().await.unwrap();
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| {
            let one: serde_json::Value = serde_json::from_str(row.get("one")).unwrap();
            one.to_string()
        })
        .collect();
    texts.sort();
    texts
}

/// The columns of a table in SQLite.
async fn columns(archive: &Archive, table: &str) -> Vec<String> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name");
    let rows = archive.database.query(AssertSqlSafe(sql)).fetch_all().await.unwrap();
    rows.iter().map(|row| row.get("name")).collect()
}

#[tokio::test]
async fn every_table_of_the_database_is_moved() {
    let archive = services::empty().await;
    Jobs::open(&archive, Default::default()).await.unwrap();
    let sql = match archive.database.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public'"
        }
    };
    let rows = archive.database.query(sql).fetch_all().await.unwrap();
    let found: BTreeSet<String> = rows.iter().map(|row| row.get("name")).collect();
    let listed: BTreeSet<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
    let unlisted: Vec<&String> =
        found.difference(&listed).filter(|name| !NOT_MOVED.contains(&name.as_str())).collect();
    assert_eq!(unlisted, Vec::<&String>::new(), "add these tables to TABLES, in order");
    assert_eq!(listed.difference(&found).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_moved_there_and_back() {
    let source = full().await;
    // PostgreSQL and S3 if the services are there.
    let middle = services::empty().await;
    let steps = moved(&source, &middle).await.unwrap();
    assert_eq!(steps.len(), 256 + TABLES.len());
    let back = in_folder().await;
    moved(&middle, &back).await.unwrap();
    for table in &TABLES {
        let before = rows(&source, table.name, table.key).await;
        let mut after = rows(&back, table.name, table.key).await;
        // Each move is one more entry.
        after.retain(|row| !row.contains("archive_moved"));
        assert_eq!(before, after, "{}", table.name);
    }

    // The moved archive works: files are read, and the batch goes on.
    let router = server(&middle).await;
    let list = get(&router, "/v1/filings", &[]).await.json();
    assert_eq!(list["filings"].as_array().unwrap().len(), 2);
    for filing in list["filings"].as_array().unwrap() {
        let pdf = get(&router, &format!("{}/pdf", address(filing)), &[]).await;
        assert_eq!(pdf.status, 200);
    }
    let jobs = Jobs::open(&middle, Default::default()).await.unwrap();
    jobs.queue_again().await.unwrap();
    let app = Arc::new(App { archive: middle.clone(), jobs, ..app().await });
    let batch = batches::get(&app, "/v1/batches").await.json()["batches"][0]["id"].clone();
    let path = format!("/v1/batches/{}", batch.as_str().unwrap());
    let _workers = work(&app);
    batches::events(&app, &path).await;
    let request = Request::get(&path).body(Body::empty()).unwrap();
    let record = answer(router_of(&app), request).await.json();
    assert_eq!(record["counts"]["filed"], 2);
}

fn router_of(app: &Arc<App>) -> axum::Router {
    router(Arc::clone(app))
}

#[tokio::test]
async fn a_move_goes_on_where_it_stopped() {
    let source = full().await;
    let target = services::empty().await;
    assert!(!target.is_incomplete().await.unwrap());
    // A damaged object interrupts it.
    let row = source
        .database
        .query("SELECT pdf_sha256 FROM filings ORDER BY seq LIMIT 1")
        .fetch_one()
        .await
        .unwrap();
    let sha256: String = row.get("pdf_sha256");
    let pdf = source.objects.get(&sha256).await.unwrap();
    source.objects.put_hashed(&sha256, "damaged".into()).await.unwrap();
    let stopped = moved(&source, &target).await;
    assert!(
        matches!(&stopped, Err(MoveError::Archive(ArchiveError::Corrupt(name))) if *name == sha256),
        "{stopped:?}"
    );
    assert!(target.is_incomplete().await.unwrap());
    source.objects.put_hashed(&sha256, pdf.clone()).await.unwrap();
    // Nothing else is moved into it, nor out of it.
    let other = full().await;
    assert!(matches!(moved(&other, &target).await, Err(MoveError::OtherSource)));
    let empty = services::empty().await;
    assert!(matches!(moved(&target, &empty).await, Err(MoveError::SourceIncomplete)));
    moved(&source, &target).await.unwrap();
    assert!(target.objects.get(&sha256).await.unwrap() == pdf);
    assert!(matches!(moved(&source, &target).await, Err(MoveError::Finished)));
}

#[tokio::test]
async fn a_page_of_rows_and_its_place_are_committed_together() {
    let source = full().await;
    let target = services::empty().await;
    let transfer = Transfer::begin(&source, &target).await.unwrap();
    transfer.copy(&mut |_| {}).await.unwrap();
    // As if the process had died in the middle of a table.
    target.database.query("DELETE FROM title_grams WHERE gram > '关'").execute().await.unwrap();
    let place = "UPDATE move_progress SET value = (SELECT '[\"' || gram || '\",' || seq || ']' \
         FROM title_grams ORDER BY gram DESC, seq DESC LIMIT 1) WHERE part = 'title_grams'";
    target.database.query(place).execute().await.unwrap();
    Transfer::begin(&source, &target).await.unwrap().copy(&mut |_| {}).await.unwrap();
    let table = TABLES.iter().find(|table| table.name == "title_grams").unwrap();
    let moved = rows(&target, table.name, table.key).await;
    assert_eq!(moved, rows(&source, table.name, table.key).await);
}

#[tokio::test]
async fn a_target_in_use_and_a_source_in_use_are_refused() {
    let source = full().await;
    let used = services::empty().await;
    let router = server(&used).await;
    filed(&router, letter(9)).await;
    assert!(matches!(moved(&source, &used).await, Err(MoveError::NotEmpty)));
    let files = services::empty().await;
    files.objects.put("somebody's".into()).await.unwrap();
    assert!(matches!(moved(&source, &files).await, Err(MoveError::NotEmpty)));

    let target = services::empty().await;
    let transfer = Transfer::begin(&source, &target).await.unwrap();
    transfer.copy(&mut |_| {}).await.unwrap();
    filed(&server(&source).await, letter(7)).await;
    let changed = transfer.copy(&mut |_| {}).await;
    assert!(matches!(changed, Err(MoveError::SourceChanged("filings"))), "{changed:?}");
}
