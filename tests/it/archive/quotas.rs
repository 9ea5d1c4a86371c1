//! Quotas: what agencies and keys may store, and what is counted.

use std::sync::Arc;

use axum::Router;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::{Caller, Grant};
use hongtou::archive::database::Engine;
use hongtou::archive::quota::{Quota, Quotas, Usage};
use hongtou::http::app::App;
use hongtou::jobs::Jobs;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

use crate::archive::filings::{filed, send, server};
use crate::archive::services;
use crate::http::access::{ACTOR, ManualClock, bearer};
use crate::http::batches::{self, letter, work};
use crate::http::in_process::{JSON, app};
use crate::signature::letter::LETTER;
use crate::signature::signer::sign;

/// 主办机关 of `letter`.
const AGENCY: &str = "四川省民政厅";

const FILINGS: Quota = Quota { filings: Some(2), bytes: None };

/// An archive with these quotas, and a key of `AGENCY`.
async fn limited(quotas: Quotas) -> (Archive, String) {
    let archive = services::empty().await.with_quotas(quotas);
    let grant = Grant::new("submit,read,archive".parse().unwrap(), Some(AGENCY.to_owned()));
    let key = archive.add_key("试验系统", &grant.unwrap(), None, ACTOR).await.unwrap();
    (archive, bearer(&key))
}

async fn post(router: &Router, key: &str, serial: u32) -> crate::http::in_process::Answer {
    send(router, "POST", "/v1/filings", &[JSON, ("authorization", key)], letter(serial)).await
}

async fn stored(router: &Router, key: &str) -> Value {
    send(router, "GET", "/v1/me", &[("authorization", key)], "").await.json()["stored"].clone()
}

/// All rows of the usage, in order.
async fn rows(archive: &Archive) -> Vec<(String, String, i64, i64)> {
    let rows = archive
        .database
        .query("SELECT agency, caller, filings, bytes FROM quota_usage ORDER BY agency, caller")
        .fetch_all()
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.get("agency"), row.get("caller"), row.get("filings"), row.get("bytes")))
        .collect()
}

#[tokio::test]
async fn filings_beyond_the_quota_are_refused_and_the_same_content_is_not() {
    for (quotas, sentence) in [
        (Quotas { agency: FILINGS, caller: Quota::default() }, "本机关保存的公文"),
        (Quotas { agency: Quota::default(), caller: FILINGS }, "本密钥保存的公文"),
    ] {
        let (archive, key) = limited(quotas).await;
        let router = server(&archive).await;
        for serial in [1, 2, 1] {
            assert_eq!(post(&router, &key, serial).await.status, 201);
        }
        let refused = post(&router, &key, 3).await;
        refused.assert_problem(403, "quota-used");
        assert!(refused.json()["detail"].as_str().unwrap().starts_with(sentence));
        assert_eq!(post(&router, &key, 2).await.status, 201, "it is stored already");
        let stored = stored(&router, &key).await;
        assert_eq!(stored["by_caller"]["filings"], json!(2));
        assert_eq!(stored["of_agency"]["filings"], json!(2));
        assert_eq!(stored["of_agency"]["max_filings"], json!(quotas.agency.filings));
        assert_eq!(stored["by_caller"]["max_filings"], json!(quotas.caller.filings));
    }
}

#[tokio::test]
async fn refused_filings_leave_no_files() {
    let none = Quota { filings: None, bytes: Some(1000) };
    let (archive, key) = limited(Quotas { agency: none, caller: Quota::default() }).await;
    let router = server(&archive).await;
    post(&router, &key, 1).await.assert_problem(403, "quota-used");
    let later = later(&archive);
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 0, "nothing was written");
}

/// The same archive, much later.
fn later(archive: &Archive) -> Archive {
    let clock = ManualClock::new();
    clock.advance(10 * 24 * 60 * 60);
    Archive::new(archive.database.clone(), archive.objects.clone(), clock)
}

#[tokio::test]
async fn a_signed_copy_counts_and_one_beyond_the_quota_is_refused() {
    let (archive, key) = limited(Quotas::default()).await;
    let router = server(&archive).await;
    let headers = [JSON, ("authorization", &*key), ("accept", "application/json")];
    let letter = crate::fixture::bytes("valid", "letter-2023-46");
    let filing = send(&router, "POST", "/v1/filings", &headers, letter).await.json();
    let bytes = stored(&router, &key).await["of_agency"]["bytes"].as_i64().unwrap();
    let path = format!("/v1/filings/{}/signed", filing["id"].as_str().unwrap());
    let put = async |archive: &Archive| {
        let headers = [("content-type", "application/pdf"), ("authorization", &*key)];
        send(&server(archive).await, "PUT", &path, &headers, sign(&LETTER)).await
    };
    let full = Quota { filings: None, bytes: Some(bytes) };
    let quotas = Quotas { agency: full, caller: Quota::default() };
    put(&archive.clone().with_quotas(quotas)).await.assert_problem(403, "quota-used");
    assert_eq!(later(&archive).set_unnamed_aside().await.unwrap(), 0);
    assert_eq!(put(&archive).await.status, 201);
    let with_copy = stored(&router, &key).await;
    let copy = i64::try_from(sign(&LETTER).len()).unwrap();
    assert!(with_copy["of_agency"]["bytes"].as_i64().unwrap() > bytes + copy);
    assert_eq!(with_copy["by_caller"], with_copy["of_agency"]);

    // The migration counts what earlier versions stored.
    let counted = rows(&archive).await;
    assert_eq!(counted.len(), 2);
    archive.database.query("DELETE FROM quota_usage").execute().await.unwrap();
    let migration = match archive.database.engine() {
        Engine::Sqlite => include_str!("../../../migrations/sqlite/0021_shares.sql"),
        Engine::Postgres => include_str!("../../../migrations/postgres/0021_shares.sql"),
    };
    let start = migration.find("INSERT INTO quota_usage").unwrap();
    let insert = migration[start..].split(';').next().unwrap().to_owned();
    archive.database.query(AssertSqlSafe(insert)).execute().await.unwrap();
    assert_eq!(rows(&archive).await, counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_beyond_the_quota_are_refused_one_by_one() {
    let quotas = Quotas { agency: Quota::default(), caller: FILINGS };
    let archive = services::empty().await.with_quotas(quotas);
    let jobs = Jobs::open(&archive, Default::default()).await.unwrap();
    let app = Arc::new(App { archive, jobs, ..app().await });
    let _workers = work(&app);
    let lines: Vec<String> = (1..=4).map(letter).collect();
    let batch = batches::post(&app, lines.join("\n")).await.header("location").to_owned();
    batches::events(&app, &batch).await;
    let record = batches::get(&app, &batch).await.json();
    assert_eq!((&record["counts"]["filed"], &record["counts"]["refused"]), (&json!(2), &json!(2)));
    let id = batch.rsplit('/').next().unwrap();
    let found = app.jobs.batch(&Caller::local(), id).await.unwrap().unwrap();
    let lines = app.jobs.lines(&found, 0).await.unwrap();
    let problems: Vec<&String> = lines.iter().filter_map(|line| line.problem.as_ref()).collect();
    assert!(problems.iter().all(|problem| problem.contains("/problems/quota-used")));
}

#[tokio::test]
async fn uploads_of_a_day_count_until_they_are_collected() {
    let clock = ManualClock::new();
    let quota = Quota { filings: None, bytes: Some(3 << 20) };
    let quotas = Quotas { agency: Quota::default(), caller: quota };
    let archive = services::at(&services::folder(), clock.clone()).await.with_quotas(quotas);
    let jobs = Jobs::open(&archive, Default::default()).await.unwrap();
    let app = Arc::new(App { archive: archive.clone(), jobs, ..app().await });
    let line = "1".repeat(2 << 20);
    assert_eq!(batches::post(&app, line.clone()).await.status, 202);
    batches::post(&app, line.clone()).await.assert_problem(403, "quota-used");
    // What was refused is not counted, and neither is what was reserved in vain.
    assert_eq!(batches::post(&app, "{}").await.status, 202);
    assert_eq!(batches::post(&app, "{}").await.status, 202);
    clock.advance(26 * 60 * 60);
    assert_eq!(batches::post(&app, line).await.status, 202);
    assert_eq!(archive.usage_of_caller("local").await.unwrap(), Usage::default());
}

#[tokio::test]
async fn metrics_show_what_is_stored() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    filed(&router, letter(1)).await;
    let text = String::from_utf8(send(&router, "GET", "/metrics", &[], "").await.body).unwrap();
    let usage = archive.usage_of_agency(AGENCY).await.unwrap();
    assert!(text.contains("hongtou_stored_filings 1\n"), "{text}");
    assert!(text.contains(&format!("hongtou_stored_files_bytes {}\n", usage.bytes)), "{text}");
}
