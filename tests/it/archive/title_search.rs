//! The order of filings and the search for parts of titles.

use std::collections::BTreeSet;
use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::access::caller::Caller;
use hongtou::archive::database::Engine;
use hongtou::archive::filings::search::{PageRequest, Search};
use hongtou::http::app::App;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::Settings;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

use crate::archive::filings::{address, filed, get, server};
use crate::archive::services;
use crate::http::access::ManualClock;
use crate::http::batches::{self, letter};
use crate::http::in_process::app;

/// Titles with words of two characters that are nearly in others.
const TITLES: [&str; 7] = [
    "关于困难群众救助的函",
    "关于困境儿童、难民群体救助的函",
    "关于群众工作的函",
    "关于IT设备100%国产化的函",
    "关于it_设备的函",
    "关于做好做好做好工作的函",
    "函",
];

/// Searches, among them the shortest, and those that no index of three characters finds.
const TEXTS: [&str; 18] = [
    "困难",
    "困难群众",
    "群众",
    "难群",
    "的函",
    "函",
    "关",
    "难",
    "无",
    "IT",
    "it",
    "0%",
    "%",
    "_设",
    "做好做好",
    "好做好工",
    "于关",
    "关于困难群众救助的函",
];

/// A letter with this title.
fn titled(serial: u32, title: &str) -> String {
    let mut letter: Value = serde_json::from_str(&letter(serial)).unwrap();
    letter["document"]["title"] = json!(title);
    letter.to_string()
}

async fn titles(archive: &Archive, text: &str) -> Vec<String> {
    let search = Search { title: Some(text.to_owned()), ..Search::default() };
    let page = PageRequest { after: None, limit: 50 };
    let found = archive.search(&Caller::local(), &search, &page).await.unwrap();
    found.filings.into_iter().map(|filing| filing.title).collect()
}

async fn grams(archive: &Archive) -> BTreeSet<(String, i64)> {
    let rows = archive.database.query("SELECT gram, seq FROM title_grams").fetch_all().await;
    rows.unwrap().iter().map(|row| (row.get("gram"), row.get("seq"))).collect()
}

#[tokio::test]
async fn every_part_of_a_title_is_found() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    for (serial, title) in (1..).zip(TITLES) {
        filed(&router, titled(serial, title)).await;
    }
    for text in TEXTS {
        let has_it = |title: &&str| title.to_lowercase().contains(&text.to_lowercase());
        let expected: Vec<&str> = TITLES.into_iter().rev().filter(has_it).collect();
        assert_eq!(titles(&archive, text).await, expected, "{text}");
    }

    // The migration indexes the titles of earlier versions in the same way.
    let indexed = grams(&archive).await;
    archive.database.query("DELETE FROM title_grams").execute().await.unwrap();
    let migration = match archive.database.engine() {
        Engine::Sqlite => include_str!("../../../migrations/sqlite/0014_title_grams.sql"),
        Engine::Postgres => include_str!("../../../migrations/postgres/0014_title_grams.sql"),
    };
    let start = migration.find("INSERT ").unwrap();
    let insert = migration[start..].trim_end().trim_end_matches(';').to_owned();
    archive.database.query(AssertSqlSafe(insert)).execute().await.unwrap();
    assert_eq!(grams(&archive).await, indexed);
}

#[tokio::test]
async fn the_newest_filing_is_the_last_recorded_independent_of_the_clock() {
    let clock = ManualClock::new();
    let archive = services::at(&services::folder(), clock.clone()).await;
    let router = server(&archive).await;
    let mut recorded = Vec::new();
    for serial in 1..=5 {
        recorded.push(filed(&router, letter(serial)).await);
        // A server whose clock is an hour behind.
        clock.advance(-3600);
    }
    let found = get(&router, "/v1/filings", &[]).await.json();
    let newest: Vec<&Value> = found["filings"].as_array().unwrap().iter().collect();
    assert_eq!(newest, recorded.iter().rev().collect::<Vec<_>>());
    let page = get(&router, "/v1/filings?limit=2", &[]).await.json();
    let next = get(&router, page["next"].as_str().unwrap(), &[]).await.json();
    assert_eq!(next["filings"], json!([recorded[2], recorded[1]]));

    let posted_at = recorded[1]["posted_at"].as_str().unwrap();
    let later = get(&router, &format!("/v1/filings?posted_after={posted_at}"), &[]).await.json();
    assert_eq!(later["filings"], json!([recorded[0]]));
    for wrong in ["x", "2027-01-01", ""] {
        let refused = get(&router, &format!("/v1/filings?posted_after={wrong}"), &[]).await;
        refused.assert_problem(400, "invalid-query");
    }
}

#[tokio::test]
async fn the_feed_gives_each_filing_once_in_the_order_of_recording() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let mut path = "/v1/feed?limit=2".to_owned();
    let mut seen = Vec::new();
    let mut recorded = Vec::new();
    for serial in 1..=3 {
        let page = get(&router, &path, &[]).await.json();
        seen.extend(page["filings"].as_array().unwrap().clone());
        path = page["next"].as_str().unwrap().to_owned();
        recorded.push(filed(&router, letter(serial)).await);
        recorded.push(filed(&router, titled(serial, "关于修订的函")).await);
    }
    loop {
        let page = get(&router, &path, &[]).await.json();
        let next = page["next"].as_str().unwrap();
        if page["filings"] == json!([]) {
            assert_eq!(next, path);
            break;
        }
        seen.extend(page["filings"].as_array().unwrap().clone());
        path = next.to_owned();
    }
    assert_eq!(seen, recorded);
    assert!(recorded[0]["id"].as_str().is_some_and(|id| address(&recorded[0]).ends_with(id)));
    let unknown = "00000000-0000-0000-0000-000000000000";
    for wrong in ["after=x", "limit=0", "limit=201", "since=x", &format!("after={unknown}")] {
        let refused = get(&router, &format!("/v1/feed?{wrong}"), &[]).await;
        refused.assert_problem(400, "invalid-query");
    }
}

#[tokio::test]
async fn concurrent_filings_become_visible_in_the_order_of_the_sequence() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let posts = (1..=6).map(|serial| {
        let router = router.clone();
        tokio::spawn(async move { filed(&router, letter(serial)).await })
    });
    let posts: Vec<_> = posts.collect();
    for post in posts {
        post.await.unwrap();
    }
    let rows = archive.database.query("SELECT seq FROM filings ORDER BY seq").fetch_all().await;
    let seqs: Vec<i64> = rows.unwrap().iter().map(|row| row.get("seq")).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn the_newest_batch_is_the_last_posted_independent_of_the_clock() {
    let clock = ManualClock::new();
    let archive = services::at(&services::folder(), clock.clone()).await;
    let jobs = Jobs::open(&archive, Settings::default()).await.unwrap();
    let app = Arc::new(App { archive, jobs, ..app().await });
    let mut posted = Vec::new();
    for serial in 1..=3 {
        posted.push(batches::post(&app, letter(serial)).await.json()["id"].clone());
        clock.advance(-3600);
    }
    posted.reverse();
    let ids = async |path: &str| {
        let page = batches::get(&app, path).await.json();
        let batches = page["batches"].as_array().unwrap().clone();
        batches.iter().map(|batch| batch["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids("/v1/batches").await, posted);
    let cursor = posted[0].as_str().unwrap();
    assert_eq!(ids(&format!("/v1/batches?cursor={cursor}")).await, posted[1..]);
}
