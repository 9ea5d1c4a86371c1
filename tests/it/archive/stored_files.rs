//! Stored files: conditional requests, ranges, and missing or corrupt objects.

use std::fs;
use std::sync::Arc;

use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::TryStreamExt;
use hongtou::archive::Archive;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::error::ArchiveError;
use hongtou::archive::objects::{Object, Objects};
use serde_json::json;

use crate::archive::filings::{filed, get, post, send, server};
use crate::archive::services;
use crate::fixture;
use crate::http::in_process::VALID;

#[tokio::test]
async fn conditions_are_compared_with_the_etag() {
    let router = server(&services::empty().await).await;
    let posted = post(&router, VALID).await;
    let record = posted.header("location").to_owned();
    for address in [record.clone(), format!("{record}/pdf"), format!("{record}/source")] {
        let whole = get(&router, &address, &[]).await;
        let etag = whole.header("etag");
        let weak = format!("W/{etag}");
        let listed = format!("\"a\", {etag}");
        for condition in [etag, "*", &weak, &listed] {
            let answer = get(&router, &address, &[("if-none-match", condition)]).await;
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{address} {condition}");
            assert_eq!((answer.header("etag"), answer.body.len()), (etag, 0));
        }
        let other = [("if-none-match", "\"a\"")];
        assert!(get(&router, &address, &other).await.body == whole.body);
        let same = [("if-match", etag)];
        assert!(get(&router, &address, &same).await.body == whole.body);
        let other = [("if-match", "\"a\"")];
        get(&router, &address, &other).await.assert_problem(412, "precondition-failed");

        let head = send(&router, "HEAD", &address, &[], "").await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{address}");
        assert_eq!(head.header("etag"), etag);
        assert_eq!(head.header("content-length"), whole.body.len().to_string());
    }
}

#[tokio::test]
async fn a_range_returns_its_part() {
    let router = server(&services::empty().await).await;
    let posted = post(&router, VALID).await;
    let address = format!("{}/pdf", posted.header("location"));
    let total = posted.body.len();
    let etag = posted.header("etag");
    let cases = [
        ("bytes=0-4", 0..5),
        ("bytes=5-9", 5..10),
        ("bytes=-5", total - 5..total),
        ("bytes=100-", 100..total),
    ];
    for (range, bytes) in cases {
        let part = get(&router, &address, &[("range", range), ("if-range", etag)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert!(part.body == posted.body[bytes.clone()], "{range}");
        let content_range = format!("bytes {}-{}/{total}", bytes.start, bytes.end - 1);
        assert_eq!(part.header("content-range"), content_range);
        assert_eq!(part.header("content-length"), bytes.len().to_string());
        assert_eq!(part.header("etag"), etag);
    }
    let beyond = format!("bytes={total}-");
    let answer = get(&router, &address, &[("range", &beyond)]).await;
    answer.assert_problem(416, "range-not-satisfiable");
    assert_eq!(answer.header("content-range"), format!("bytes */{total}"));

    let whole = [
        [("range", "bytes=0-4"), ("if-range", "\"a\"")],
        [("range", "bytes=0-4"), ("if-range", "Thu, 01 Jan 2099 00:00:00 GMT")],
        [("range", "bytes=0-4"), ("if-range", "nonsense")],
        [("range", "bytes=0-4,6-8"), ("if-range", etag)],
        [("range", "lines=1-2"), ("if-range", etag)],
    ];
    for headers in whole {
        let answer = get(&router, &address, &headers).await;
        assert_eq!((answer.status, answer.header("content-range")), (StatusCode::OK, ""));
        assert!(answer.body == posted.body, "{headers:?}");
    }
}

async fn read(
    objects: &Objects,
    object: &Object,
    range: std::ops::Range<u64>,
) -> Result<Vec<u8>, ArchiveError> {
    let chunks: Vec<Bytes> = objects.read(object, range).await?.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn long_objects_are_read_in_chunks() {
    let objects = services::empty().await.objects;
    let bytes: Bytes = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let sha256 = objects.put(bytes.clone()).await.unwrap();
    assert_eq!(
        objects.put(bytes.clone()).await.unwrap(),
        sha256,
        "storing it again changes nothing"
    );
    let object = Object { sha256, bytes: bytes.len() as u64 };
    assert!(read(&objects, &object, 0..3_000_000).await.unwrap() == bytes);
    assert!(
        read(&objects, &object, 2_000_000..2_999_999).await.unwrap() == bytes[2_000_000..2_999_999]
    );
    let shorter = Object { bytes: 2_999_999, ..object };
    assert!(matches!(read(&objects, &shorter, 0..10).await, Err(ArchiveError::Corrupt(_))));
    let none = Object { sha256: "0".repeat(64), bytes: 2_000_000 };
    assert!(matches!(read(&objects, &none, 0..10).await, Err(ArchiveError::Missing(_))));
}

#[tokio::test]
async fn a_corrupt_object_is_never_read_completely() {
    let folder = services::folder();
    let objects = Objects::in_folder(&folder).unwrap();
    for length in [1000_u64, 3_000_000] {
        let bytes = vec![7; usize::try_from(length).unwrap()];
        let sha256 = objects.put(bytes.clone().into()).await.unwrap();
        let mut changed = bytes;
        changed[10] = 8;
        fs::write(folder.join(&sha256[..2]).join(&sha256[2..]), changed).unwrap();
        let object = Object { sha256, bytes: length };
        let mut received = Vec::new();
        let failed = async {
            let mut stream = objects.read(&object, 0..length).await?;
            while let Some(chunk) = stream.try_next().await? {
                received.extend_from_slice(&chunk);
            }
            Ok(())
        };
        assert!(matches!(failed.await, Err(ArchiveError::Corrupt(_))), "{length}");
        assert!((received.len() as u64) < length, "{} of {length} bytes were read", received.len());
    }
}

#[tokio::test]
async fn a_corrupt_or_missing_file_is_an_internal_error() {
    let folder = services::folder();
    let objects = Objects::in_folder(&folder.join("files")).unwrap();
    let archive = Archive::new(services::empty().await.database, objects, Arc::new(SystemClock));
    let router = server(&archive).await;
    let record = filed(&router, VALID).await;
    let sha256 = record["sha256"].as_str().unwrap();
    let file = folder.join("files").join(&sha256[..2]).join(&sha256[2..]);
    let address = format!("/v1/filings/{}/pdf", record["id"].as_str().unwrap());
    fs::write(&file, b"%PDF- of someone else").unwrap();
    get(&router, &address, &[]).await.assert_problem(500, "internal");
    fs::remove_file(&file).unwrap();
    get(&router, &address, &[]).await.assert_problem(500, "internal");
}

#[tokio::test]
async fn an_unavailable_archive_is_reported_with_retry_after() {
    let whole = services::empty().await;
    let stored = filed(&server(&whole).await, VALID).await;
    let options = [
        ("aws_endpoint", "http://127.0.0.1:1"),
        ("aws_allow_http", "true"),
        ("aws_access_key_id", "a"),
        ("aws_secret_access_key", "b"),
    ];
    let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let nowhere = Objects::in_bucket("s3://bucket/name", options).unwrap();
    let no_store = Archive::new(whole.database.clone(), nowhere, Arc::new(SystemClock));
    let router = server(&no_store).await;
    let other = || fixture::seed_with("/document/document_number/serial", json!(7));
    let pdf = format!("/v1/filings/{}/pdf", stored["id"].as_str().unwrap());
    for answer in [post(&router, other()).await, get(&router, &pdf, &[]).await] {
        answer.assert_problem(503, "storage-unavailable");
        assert_eq!(answer.header("retry-after"), "10");
    }
    assert_eq!(get(&router, "/v1/filings", &[]).await.json()["filings"], json!([stored]));

    whole.database.close().await;
    let router = server(&whole).await;
    for answer in [post(&router, other()).await, get(&router, "/v1/filings", &[]).await] {
        answer.assert_problem(503, "storage-unavailable");
        assert_eq!(answer.header("retry-after"), "10");
    }
}
