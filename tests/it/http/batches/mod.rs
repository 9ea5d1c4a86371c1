//! Batches over HTTP, in process: upload, processing, events, download and cancellation.

mod webhooks;
mod workbook;
mod zip;

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use futures_util::stream;
use hongtou::archive::access::caller::{Caller, Role, Roles};
use hongtou::archive::audit::act::Actor;
use hongtou::archive::database::Engine;
use hongtou::archive::filings::store::{BatchLine, StoreError};
use hongtou::archive::idempotency::BeginOutcome;
use hongtou::archive::objects::sha256;
use hongtou::generate::generate;
use hongtou::generate::store::{store, store_line};
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::batch::State;
use hongtou::jobs::workers::{Settings, Workers};
use serde_json::{Value, json};
use sqlx::Row;

use crate::fixture;
use crate::http::in_process::{Answer, JSON, TYPESETTER, answer, app, post_to};

pub(crate) const NDJSON: (&str, &str) = ("content-type", "application/x-ndjson");
const ACTOR: Actor<'_> = Actor { caller: "", request_id: "test", address: "" };

/// Starts workers, which run until they are dropped.
pub(crate) fn work(app: &App) -> Workers {
    let settings = Settings {
        log: None,
        concurrency: NonZeroUsize::new(2).unwrap(),
        run_deadline: Duration::from_secs(60),
        lease: Duration::from_secs(30),
        memory: app.bodies.room().clone(),
        fixity: None,
        object_lock: None,
    };
    Workers::start(&app.jobs, app.generator.typesetters().clone(), settings)
}

/// A short filing with this serial number, as one line.
pub(crate) fn letter(serial: u32) -> String {
    let mut letter: Value =
        serde_json::from_slice(&fixture::bytes("valid", "letter-2023-46")).unwrap();
    letter["document"]["document_number"]["serial"] = json!(serial);
    letter.to_string()
}

/// The same filing with an invalid date.
pub(crate) fn wrong_date(serial: u32) -> String {
    letter(serial).replace("2023-03-15", "2023-02-30")
}

pub(crate) async fn post(app: &Arc<App>, body: impl Into<Body>) -> Answer {
    post_to(router(Arc::clone(app)), "/v1/batches", &[NDJSON], body).await
}

pub(crate) async fn get(app: &Arc<App>, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap();
    answer(router(Arc::clone(app)), request).await
}

async fn delete(app: &Arc<App>, path: &str) -> Answer {
    let request = Request::delete(path).body(Body::empty()).unwrap();
    answer(router(Arc::clone(app)), request).await
}

/// The name and record of all events of a batch.
pub(crate) async fn events(app: &Arc<App>, batch: &str) -> Vec<(String, Value)> {
    let answer = get(app, &format!("{batch}/events")).await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = String::from_utf8(answer.body).unwrap();
    text.split("\n\n")
        .filter(|event| !event.is_empty() && !event.starts_with(':'))
        .map(|event| {
            let field = |name| event.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            assert!(field("id: ").parse::<u64>().is_ok());
            (field("event: ").to_owned(), serde_json::from_str(field("data: ")).unwrap())
        })
        .collect()
}

/// The names and contents of the files of a ZIP, read from its central directory.
fn unzipped(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, bytes: usize| {
        zip[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = zip.len() - 22;
    assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
    let mut at = number(end + 16, 4);
    let mut files = Vec::new();
    for _ in 0..number(end + 10, 2) {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        assert_eq!(number(at + 8, 2) & 0x800, 0x800, "the name is marked as UTF-8");
        assert_eq!(number(at + 10, 2), 0, "the file is not compressed");
        let name = number(at + 28, 2);
        let name_text = String::from_utf8(zip[at + 46..at + 46 + name].to_vec()).unwrap();
        // Streamed entries have 64-bit numbers in an extra field of kind 1: both lengths and the
        // offset, each only if needed.
        let mut extra = at + 46 + name + 4;
        let mut long = |short: usize| {
            if short < 0xFFFF_FFFF {
                return short;
            }
            assert_eq!(number(at + 46 + name, 2), 1);
            extra += 8;
            number(extra - 8, 8)
        };
        let size = long(number(at + 24, 4));
        assert_eq!(long(number(at + 20, 4)), size);
        let header = long(number(at + 42, 4));
        let content = header + 30 + number(header + 26, 2) + number(header + 28, 2);
        files.push((name_text, zip[content..content + size].to_vec()));
        at += 46 + name + number(at + 30, 2) + number(at + 32, 2);
    }
    files
}

/// The table with the tasks of the queue.
fn jobs_table(app: &App) -> &'static str {
    match app.archive.database.engine() {
        Engine::Sqlite => "Jobs",
        Engine::Postgres => "apalis.jobs",
    }
}

async fn count(app: &App, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM {table}"));
    app.archive.database.query(sql).fetch_one().await.unwrap().get("n")
}

/// The lines that became no filing, with their problems.
async fn assert_problems_of_lines(app: &Arc<App>, batch: &str) {
    let problems = get(app, &format!("{batch}/problems")).await.json();
    assert_eq!(problems["next"], Value::Null);
    let lines: Vec<&Value> = problems["lines"].as_array().unwrap().iter().collect();
    assert_eq!(
        lines.iter().map(|line| line["line"].as_i64()).collect::<Vec<_>>(),
        [Some(3), Some(4)]
    );
    assert_eq!(lines[1]["problem"]["type"], "/problems/unreadable-json");
    let rest = get(app, &format!("{batch}/problems?after=3")).await.json();
    assert_eq!(rest["lines"], json!([lines[1]]));
    get(app, &format!("{batch}/problems?after=x")).await.assert_problem(400, "invalid-query");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_independent() {
    let app = Arc::new(app().await);
    let _workers = work(&app);
    let lines =
        [letter(1), String::new(), wrong_date(2), "{".to_owned(), letter(3), letter(1), letter(4)];
    let posted = post(&app, lines.join("\n")).await;
    assert_eq!(posted.status, StatusCode::ACCEPTED);
    let batch = posted.header("location").to_owned();
    assert_eq!(posted.json()["total"], json!(6));
    assert_eq!(batch, format!("/v1/batches/{}", posted.json()["id"].as_str().unwrap()));

    let events = events(&app, &batch).await;
    let (last, before) = events.split_last().unwrap();
    assert_eq!(last.0, "done");
    assert!(before.iter().all(|(name, _)| name == "progress"));
    let record = get(&app, &batch).await.json();
    let counts = json!({"waiting": 0, "filed": 4, "refused": 2, "failed": 0, "cancelled": 0});
    for record in [&last.1, &record] {
        assert_eq!(record["state"], json!("done"));
        assert_eq!(record["counts"], counts);
        assert!(record["lines_per_second"].is_number());
    }
    assert_eq!(count(&app, "filings").await, 3, "the same content is one filing");

    assert_problems_of_lines(&app, &batch).await;
    let zip = get(&app, &format!("{batch}/archive.zip")).await;
    assert_eq!(zip.header("content-type"), "application/zip");
    let files = unzipped(&zip.body);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "川民函〔2023〕1号.pdf",
        "川民函〔2023〕3号.pdf",
        "川民函〔2023〕1号（第6行）.pdf",
        "川民函〔2023〕4号.pdf",
        "manifest.ndjson",
    ];
    assert_eq!(names, expected);
    let manifest = String::from_utf8(files.last().unwrap().1.clone()).unwrap();
    let manifest: Vec<Value> =
        manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let filed = manifest.iter().filter(|line| line["state"] == "filed");
    for (line, (name, pdf)) in filed.zip(&files) {
        assert_eq!(line["file"], json!(name));
        assert_eq!(line["sha256"], json!(sha256(pdf)));
        assert!(line["filing"].is_string() && line["pages"].is_u64());
        assert_eq!(line["warnings"], json!([]));
        assert!(pdf.starts_with(b"%PDF-"));
    }
    let repeated = manifest.iter().find(|line| line["file"] == "川民函〔2023〕1号（第6行）.pdf");
    assert_eq!(repeated.unwrap()["same_number_as_line"], json!(1));
    let numbers: Vec<&Value> = manifest.iter().map(|line| &line["line"]).collect();
    assert_eq!(numbers, [1, 3, 4, 5, 6, 7]);
    for (line, body) in [(&manifest[1], wrong_date(2)), (&manifest[2], "{".to_owned())] {
        assert_eq!(line["state"], json!("refused"));
        let router = router(Arc::clone(&app));
        let mut alone = post_to(router, "/v1/filings", &[JSON], body).await.json();
        alone.as_object_mut().unwrap().retain(|name, _| name != "status" && name != "request_id");
        assert_eq!(line["problem"], alone, "a line has the same problem as a single post");
    }
}

#[tokio::test]
async fn a_refused_upload_leaves_no_batch() {
    let app = Arc::new(app().await);
    let good = letter(1);
    let broken: Vec<io::Result<Bytes>> =
        vec![Ok(format!("{good}\n{good}\n").into()), Err(io::ErrorKind::ConnectionReset.into())];
    let broken = post(&app, Body::from_stream(stream::iter(broken))).await;
    broken.assert_problem(400, "incomplete-body");
    post(&app, " \n\r\n").await.assert_problem(400, "empty-batch");
    let long = format!("{good}\n{}", "1".repeat((8 << 20) + 1));
    let long = post(&app, long).await;
    long.assert_problem(413, "body-too-long");
    assert!(long.json()["detail"].as_str().unwrap().starts_with("第2行"));
    let many = format!("{}{{}}\n", "\n".repeat(100_000));
    post(&app, many).await.assert_problem(413, "too-many-lines");
    let json = post_to(router(Arc::clone(&app)), "/v1/batches", &[JSON], good.clone()).await;
    json.assert_problem(415, "unsupported-media-type");
    let zipped = [NDJSON, ("content-encoding", "gzip")];
    let zipped = post_to(router(Arc::clone(&app)), "/v1/batches", &zipped, good).await;
    zipped.assert_problem(415, "unsupported-media-type");
    assert_eq!(count(&app, "batches").await, 0);
    assert_eq!(count(&app, "batch_lines").await, 0);
    assert_eq!(count(&app, jobs_table(&app)).await, 0);
    for path in ["/v1/batches/none", "/v1/batches/none/events", "/v1/batches/none/archive.zip"] {
        get(&app, path).await.assert_problem(404, "batch-not-found");
    }
    delete(&app, "/v1/batches/none").await.assert_problem(404, "batch-not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_batch_does_not_start() {
    let app = Arc::new(app().await);
    let body: Vec<String> = (1..=50).map(letter).collect();
    let batch = post(&app, body.join("\n")).await.header("location").to_owned();
    let zip = format!("{batch}/archive.zip");
    get(&app, &zip).await.assert_problem(409, "batch-running");
    for _ in 0..2 {
        let cancelled = delete(&app, &batch).await;
        assert_eq!(cancelled.status, StatusCode::OK);
        assert_eq!(cancelled.json()["state"], json!("cancelled"));
        assert_eq!(cancelled.json()["counts"]["cancelled"], json!(50));
    }
    let other = post(&app, letter(1)).await.header("location").to_owned();
    // The queue has the runs of the cancelled batch before that of the other one.
    let workers = work(&app);
    events(&app, &other).await;
    assert_eq!(count(&app, "filings").await, 1);
    delete(&app, &other).await.assert_problem(409, "batch-done");
    assert_eq!(unzipped(&get(&app, &zip).await.body).len(), 1, "only a manifest");
    app.jobs.stopping.cancel();
    workers.join(Duration::from_secs(60)).await;
    let open = format!("{} WHERE status <> 'Done'", jobs_table(&app));
    assert_eq!(count(&app, &open).await, 0, "stopped workers leave no task behind");
}

#[tokio::test]
async fn a_batch_sent_twice_with_one_key_is_created_once() {
    let app = Arc::new(app().await);
    let send = async |key: &str, serial| {
        let headers = [NDJSON, ("idempotency-key", key)];
        post_to(router(Arc::clone(&app)), "/v1/batches", &headers, letter(serial)).await
    };
    let (first, again) = (send("a", 1).await, send("a", 1).await);
    assert_eq!((first.status, again.status), (StatusCode::ACCEPTED, StatusCode::ACCEPTED));
    assert_eq!(first.header("location"), again.header("location"));
    assert_ne!(send("b", 1).await.header("location"), first.header("location"));
    send("a", 2).await.assert_problem(422, "idempotency-key-reused");
    send("", 1).await.assert_problem(400, "malformed-idempotency-key");
    assert_eq!(count(&app, "batches").await, 2);
    assert_eq!(count(&app, "batch_lines").await, 2);
    assert_eq!(count(&app, jobs_table(&app)).await, 2);
}

#[tokio::test]
async fn batches_are_listed_in_pages() {
    let app = Arc::new(app().await);
    let mut posted = Vec::new();
    for serial in 1..=3 {
        posted.insert(0, post(&app, letter(serial)).await.json()["id"].clone());
    }
    let first = get(&app, "/v1/batches?limit=2").await.json();
    let cursor = first["next"].as_str().unwrap();
    let second = get(&app, &format!("/v1/batches?limit=2&cursor={cursor}")).await.json();
    assert_eq!(second["next"], Value::Null);
    let pages = [first, second];
    let listed = pages.iter().flat_map(|page| page["batches"].as_array().unwrap());
    assert_eq!(listed.map(|batch| batch["id"].clone()).collect::<Vec<_>>(), posted);
    for query in ["limit=0", "limit=101", "limit=x", "page=1"] {
        get(&app, &format!("/v1/batches?{query}")).await.assert_problem(400, "invalid-query");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_files_only_for_itself_and_sees_only_its_batches() {
    let app = Arc::new(app().await);
    let key = |id: &str, agency: Option<&str>| Caller {
        id: id.to_owned(),
        roles: Roles::new([Role::Submit, Role::Read]),
        agency: agency.map(str::to_owned),
    };
    let (province, city) = (key("p", Some("四川省民政厅")), key("c", Some("巴中市民政局")));
    let lines =
        [(1, letter(1)), (2, String::from_utf8(fixture::bytes("valid", fixture::SEED)).unwrap())];
    let id = app.jobs.begin_batch(&province, None).await.unwrap();
    assert_eq!(app.jobs.batch(&province, &id).await.unwrap(), None, "invisible during upload");
    for (line, body) in lines {
        let sha256 = app.archive.objects.put(body.into()).await.unwrap();
        app.jobs.add_lines(&id, &[(line, sha256)]).await.unwrap();
    }
    let BeginOutcome::Started(attempt) = app.archive.begin("p", "k", "f").await.unwrap() else {
        panic!("the key is new");
    };
    app.jobs.queue_batch(&id, (2, 2), ACTOR, Some(&attempt)).await.unwrap();
    // If the process dies here, a retry with the same key finds this batch.
    let again = app.archive.begin("p", "k", "f").await.unwrap();
    assert!(matches!(again, BeginOutcome::Finished(known) if known == id));
    let _workers = work(&app);
    events(&app, &format!("/v1/batches/{id}")).await;
    let batch = app.jobs.batch(&province, &id).await.unwrap().unwrap();
    assert_eq!((batch.state, batch.counts.filed, batch.counts.refused), (State::Done, 1, 1));
    let lines = app.jobs.lines(&batch, 1).await.unwrap();
    assert!(lines[0].problem.as_ref().unwrap().contains("/problems/not-your-agency"));

    let colleague = key("p2", Some("四川省民政厅"));
    assert!(app.jobs.batch(&colleague, &id).await.unwrap().is_some());
    assert!(app.jobs.batch(&key("r", None), &id).await.unwrap().is_some());
    let submits = Caller { roles: Roles::new([Role::Submit]), ..key("s", None) };
    for stranger in [city, submits] {
        assert_eq!(app.jobs.batch(&stranger, &id).await.unwrap(), None);
        assert_eq!(app.jobs.batches(&stranger, None, 10).await.unwrap(), []);
    }
    assert_eq!(app.jobs.batches(&colleague, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_processed_twice_is_filed_once() {
    let app = app().await;
    let id = app.jobs.begin_batch(&Caller::local(), None).await.unwrap();
    app.jobs.add_lines(&id, &[(1, sha256(b"1")), (2, sha256(b"2"))]).await.unwrap();
    let generated = generate(letter(1).as_bytes(), &TYPESETTER).unwrap();
    let line = BatchLine { batch_id: &id, line: 1 };
    store_line(&generated, &app.archive, None, ACTOR, line).await.unwrap();
    let again = store_line(&generated, &app.archive, None, ACTOR, line).await;
    assert!(matches!(again, Err(StoreError::LineEnded)), "{again:?}");
    // A line that has ended is not filed again, and the other filing is not stored.
    let other = generate(letter(2).as_bytes(), &TYPESETTER).unwrap();
    let again = store_line(&other, &app.archive, None, ACTOR, line).await;
    assert!(matches!(again, Err(StoreError::LineEnded)), "{again:?}");
    assert_eq!(count(&app, "filings").await, 1);
    assert_eq!(count(&app, "audit_trail").await, 1);
    store(&other, &app.archive, None, ACTOR).await.unwrap();
    assert_eq!(count(&app, "filings").await, 2);
}
