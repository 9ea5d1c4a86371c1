//! Objects that no record names are removed, and no others.

use std::sync::Arc;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::collect::{COLLECTED_AFTER, SET_ASIDE_FOR};
use hongtou::archive::error::ArchiveError;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use serde_json::json;

use crate::archive::filings::{address, filed, get, send, server};
use crate::archive::services;
use crate::fixture;
use crate::http::access::ManualClock;
use crate::http::batches::{self, letter, work, wrong_date};
use crate::http::in_process::app;
use crate::signature::letter::LETTER;
use crate::signature::signer::sign;

const PDF: (&str, &str) = ("content-type", "application/pdf");

/// The same archive a day later, and later than anything stored now.
async fn tomorrow(folder: &std::path::Path) -> (Archive, Arc<ManualClock>) {
    let clock = ManualClock::new();
    clock.advance(i64::try_from(COLLECTED_AFTER.as_secs()).unwrap());
    (services::at(folder, clock.clone()).await, clock)
}

fn is_missing(found: &Result<Bytes, ArchiveError>) -> bool {
    matches!(found, Err(ArchiveError::Missing(_)))
}

#[tokio::test]
async fn an_object_without_a_record_is_removed_after_a_day() {
    let folder = services::folder();
    let today = services::in_folder(&folder).await;
    let router = server(&today).await;
    let filing = filed(&router, letter(1)).await;
    let orphan = today.objects.put(Bytes::from_static(b"a refused line")).await.unwrap();
    assert_eq!(today.set_unnamed_aside().await.unwrap(), 0, "it may be part of an upload");

    let (later, clock) = tomorrow(&folder).await;
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 1);
    assert!(is_missing(&later.objects.get(&orphan).await));
    assert_eq!(later.remove_aside().await.unwrap().removed, 0);
    clock.advance(i64::try_from(SET_ASIDE_FOR.as_secs()).unwrap() + 1);
    let done = later.remove_aside().await.unwrap();
    assert_eq!((done.removed, done.removed_bytes, done.put_back), (1, 14, 0));
    assert_eq!(later.remove_aside().await.unwrap().removed, 0);

    let path = address(&filing);
    for file in ["pdf", "source"] {
        assert_eq!(get(&router, &format!("{path}/{file}"), &[]).await.status, 200);
    }
}

#[tokio::test]
async fn a_withdrawn_copy_and_its_verdict_are_kept() {
    let folder = services::folder();
    let today = services::in_folder(&folder).await;
    let router = server(&today).await;
    let filing = filed(&router, fixture::bytes("valid", "letter-2023-46")).await;
    let path = format!("{}/signed", address(&filing));
    let stored = send(&router, "PUT", &path, &[PDF], sign(&LETTER)).await;
    assert_eq!(stored.status, 201);
    assert_eq!(send(&router, "DELETE", &path, &[], "").await.status, 204);
    let (later, _) = tomorrow(&folder).await;
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 0);
    let verdict = stored.json()["signed"]["verdict_sha256"].as_str().unwrap().to_owned();
    assert!(later.objects.get(&verdict).await.is_ok());
}

#[tokio::test]
async fn an_object_that_gets_a_record_after_all_is_put_back() {
    let folder = services::folder();
    let today = services::in_folder(&folder).await;
    let router = server(&today).await;
    let filing = filed(&router, letter(1)).await;
    let source = filing["source_sha256"].as_str().unwrap();
    // As if the record were written in the moment in which its object is set aside.
    let change = async |from: &str, to: &str| {
        for sql in [
            "UPDATE filings SET source_sha256 = $2 WHERE source_sha256 = $1",
            "UPDATE log_objects SET sha256 = $2 WHERE sha256 = $1",
        ] {
            today.database.query(sql).bind(from).bind(to).execute().await.unwrap();
        }
    };
    change(source, "x").await;
    let (later, clock) = tomorrow(&folder).await;
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 1);
    change("x", source).await;
    clock.advance(i64::try_from(SET_ASIDE_FOR.as_secs()).unwrap() + 1);
    let done = later.remove_aside().await.unwrap();
    assert_eq!((done.removed, done.put_back), (0, 1));
    let path = format!("{}/source", address(&filing));
    assert_eq!(get(&router, &path, &[]).await.status, 200);
}

#[tokio::test]
async fn the_bodies_of_lines_are_kept_until_the_lines_have_ended_or_while_they_can_be_mended() {
    let folder = services::folder();
    let archive = services::in_folder(&folder).await;
    let jobs = Jobs::open(&archive, hongtou::jobs::webhook::Settings::default()).await.unwrap();
    let app = Arc::new(App { archive: archive.clone(), jobs, ..app().await });
    // One filed and one refused line, and one that is no JSON.
    let lines = [letter(1), wrong_date(2), "{\"document\"".to_owned()];
    let accepted = batches::post(&app, lines.join("\n")).await;
    let batch = accepted.header("location").to_owned();
    let (later, _) = tomorrow(&folder).await;
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 0, "the lines wait");
    let _workers = work(&app);
    let events = batches::events(&app, &batch).await;
    let counts = &events.last().unwrap().1["counts"];
    assert_eq!((&counts["filed"], &counts["refused"]), (&json!(1), &json!(2)));
    // The body of the filed line is also its source.
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 1, "the one that cannot be mended");
    let zip = batches::get(&app, &format!("{batch}/archive.zip")).await;
    assert_eq!(zip.status, 200);
    assert!(String::from_utf8_lossy(&zip.body).contains("/problems/refused"));
    let router = router(Arc::clone(&app));
    let path = format!("{batch}/problems");
    assert_eq!(send(&router, "DELETE", &path, &[], "").await.status, 200);
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 1, "what is cleared is not kept");
    let zip = batches::get(&app, &format!("{batch}/archive.zip")).await;
    let manifest = String::from_utf8_lossy(&zip.body);
    assert!(!manifest.contains("/problems/refused") && manifest.contains("/problems/cleared"));
}
