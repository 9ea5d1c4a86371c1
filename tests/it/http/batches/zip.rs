//! The ZIP of a batch: the same bytes each time, and parts of it.

use std::io::{Cursor, Read};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::json;

use crate::http::batches::{self, letter, work};
use crate::http::in_process::{Answer, answer, app};

/// A server with a batch that has ended, and the path of its ZIP.
async fn ended() -> (Arc<App>, String) {
    let app = Arc::new(app().await);
    let _workers = work(&app);
    let lines = [letter(1), "{".to_owned(), letter(2), letter(1)];
    let batch = batches::post(&app, lines.join("\n")).await.header("location").to_owned();
    batches::events(&app, &batch).await;
    (app, format!("{batch}/archive.zip"))
}

async fn fetch(app: &Arc<App>, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |all, (name, value)| all.header(*name, *value));
    answer(router(Arc::clone(app)), request.body(Body::empty()).unwrap()).await
}

async fn part(app: &Arc<App>, path: &str, range: &str, tag: &str) -> Answer {
    fetch(app, Method::GET, path, &[("range", range), ("if-range", tag)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_be_resumed_at_any_byte() {
    let (app, path) = ended().await;
    let whole = fetch(&app, Method::GET, &path, &[]).await;
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    let tag = whole.header("etag").to_owned();
    let mut zip = zip::ZipArchive::new(Cursor::new(whole.body.clone())).unwrap();
    assert_eq!(zip.len(), 4);
    let mut starts = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        starts.extend([file.header_start(), file.data_start().unwrap()]);
        // Checks the sum.
        std::io::copy(&mut file, &mut std::io::sink()).unwrap();
    }
    starts.push(zip.central_directory_start());

    let total = whole.body.len();
    let places = starts.iter().flat_map(|start| {
        let start = usize::try_from(*start).unwrap();
        [start.saturating_sub(1), start, start + 1, start + 17]
    });
    for at in places.chain([total - 22, total - 1]) {
        let rest = part(&app, &path, &format!("bytes={at}-"), &tag).await;
        assert_eq!(rest.status, StatusCode::PARTIAL_CONTENT, "{at}");
        assert_eq!(rest.header("content-range"), format!("bytes {at}-{}/{total}", total - 1));
        assert!(rest.body == whole.body[at..], "{at}");
        let few = part(&app, &path, &format!("bytes={at}-{}", at + 99), &tag).await;
        assert!(few.body == whole.body[at..total.min(at + 100)], "{at}");
    }
    let beyond = part(&app, &path, &format!("bytes={total}-"), &tag).await;
    beyond.assert_problem(416, "range-not-satisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{total}"));

    let head = fetch(&app, Method::HEAD, &path, &[]).await;
    assert_eq!((head.header("etag"), head.body.len()), (&*tag, 0));
    assert_eq!(head.header("content-length"), total.to_string());
    let known = fetch(&app, Method::GET, &path, &[("if-none-match", &tag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_manifest_is_sent_as_a_whole() {
    let (app, path) = ended().await;
    let tag = fetch(&app, Method::HEAD, &path, &[]).await.header("etag").to_owned();
    let problems = path.replace("archive.zip", "problems");
    assert_eq!(fetch(&app, Method::DELETE, &problems, &[]).await.status, StatusCode::OK);
    let again = part(&app, &path, "bytes=100-", &tag).await;
    assert_eq!(again.status, StatusCode::OK, "the manifest has other bytes");
    assert_ne!(again.header("etag"), tag);
    let mut manifest = String::new();
    let mut zip = zip::ZipArchive::new(Cursor::new(again.body)).unwrap();
    zip.by_name("manifest.ndjson").unwrap().read_to_string(&mut manifest).unwrap();
    assert!(manifest.contains("/problems/cleared"), "{manifest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filings_of_earlier_versions_get_their_sums() {
    let (app, path) = ended().await;
    let whole = fetch(&app, Method::GET, &path, &[]).await;
    app.archive.database.query("UPDATE filings SET pdf_crc32 = NULL").execute().await.unwrap();
    let again = fetch(&app, Method::GET, &path, &[]).await;
    assert!(again.body == whole.body);
    let left = "SELECT id FROM filings WHERE pdf_crc32 IS NULL";
    assert_eq!(app.archive.database.query(left).fetch_all().await.unwrap().len(), 0);
    let record = batches::get(&app, path.trim_end_matches("/archive.zip")).await.json();
    assert_eq!(record["counts"]["filed"], json!(3));
}
