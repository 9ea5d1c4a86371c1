//! `Idempotency-Key`: a repeated request is executed once, and a refused one does not use up its key.

use axum::Router;
use axum::http::StatusCode;
use hongtou::archive::idempotency::BeginOutcome;
use hongtou::archive::objects::sha256;
use hongtou::http::request::idempotency::fingerprint;
use serde_json::json;

use crate::archive::filings::server;
use crate::archive::services;
use crate::fixture;
use crate::http::access::ManualClock;
use crate::http::in_process::{Answer, JSON, VALID, post_to};

async fn post(router: &Router, key: &str, body: impl Into<axum::body::Body>) -> Answer {
    post_to(router.clone(), "/v1/filings", &[JSON, ("idempotency-key", key)], body).await
}

fn other() -> Vec<u8> {
    fixture::seed_with("/document/document_number/serial", json!(7))
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_response_even_after_a_restart() {
    let folder = services::folder();
    let router = server(&services::in_folder(&folder).await).await;
    let first = post(&router, "\"a-1\"", VALID).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let restarted = server(&services::in_folder(&folder).await).await;
    for (router, key) in [(&router, "\"a-1\""), (&restarted, "\"a-1\""), (&restarted, "a-1")] {
        let again = post(router, key, VALID).await;
        assert_eq!(again.status, StatusCode::CREATED);
        assert!(again.body == first.body);
        for name in ["location", "etag", "content-disposition", "hongtou-warnings", "vary"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    let record = [JSON, ("idempotency-key", "a-1"), ("accept", "application/json")];
    let record = post_to(restarted.clone(), "/v1/filings", &record, VALID).await;
    assert_eq!(record.header("location"), first.header("location"));

    post(&restarted, "\"a-1\"", other()).await.assert_problem(422, "idempotency-key-reused");
    assert_eq!(post(&restarted, "\"a-2\"", other()).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_malformed_key_is_refused() {
    let router = server(&services::empty().await).await;
    for key in ["", "\"\"", "\"open", "two words"] {
        post(&router, key, VALID).await.assert_problem(400, "malformed-idempotency-key");
    }
    let two = [JSON, ("idempotency-key", "a"), ("idempotency-key", "b")];
    let two = post_to(router, "/v1/filings", &two, VALID).await;
    two.assert_problem(400, "malformed-idempotency-key");
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let router = server(&services::empty().await).await;
    post(&router, "k", "{}").await.assert_problem(422, "refused");
    assert_eq!(post(&router, "k", VALID).await.status, StatusCode::CREATED);
}

const MINUTE: i64 = 60;

#[tokio::test]
async fn a_request_in_progress_holds_its_key_until_it_counts_as_lost() {
    let clock = ManualClock::new();
    let archive = services::at(&services::folder(), clock.clone()).await;
    let router = server(&archive).await;
    let request = fingerprint("POST /v1/filings", &sha256(VALID.as_bytes()));
    let outcome = archive.begin("", "k", &request).await.unwrap();
    let BeginOutcome::Started(lost) = outcome else { panic!("{outcome:?}") };

    let meanwhile = post(&router, "k", VALID).await;
    meanwhile.assert_problem(409, "request-under-way");
    assert_eq!(meanwhile.header("retry-after"), "2");
    post(&router, "k", other()).await.assert_problem(422, "idempotency-key-reused");
    let of_another = archive.begin("someone", "k", &request).await.unwrap();
    assert!(matches!(of_another, BeginOutcome::Started(_)), "each owner has keys of its own");

    clock.advance(6 * MINUTE);
    let first = post(&router, "k", VALID).await;
    assert_eq!(first.status, StatusCode::CREATED);
    // The lost attempt continues, but changes nothing.
    archive.finish(&lost, "another").await.unwrap();
    archive.abandon(&lost).await.unwrap();
    let again = post(&router, "k", VALID).await;
    assert_eq!(again.header("location"), first.header("location"));

    clock.advance(47 * 60 * MINUTE);
    post(&router, "k", other()).await.assert_problem(422, "idempotency-key-reused");
    clock.advance(2 * 60 * MINUTE);
    assert_eq!(
        post(&router, "k", other()).await.status,
        StatusCode::CREATED,
        "the key has expired"
    );
}

#[tokio::test]
async fn concurrent_equal_requests_create_one_filing() {
    let router = server(&services::empty().await).await;
    let posts = (0..8).map(|_| post(&router, "k", VALID));
    let answers = futures_util::future::join_all(posts).await;
    let created: Vec<&Answer> =
        answers.iter().filter(|answer| answer.status == StatusCode::CREATED).collect();
    assert!(!created.is_empty());
    for answer in &answers {
        if answer.status != StatusCode::CREATED {
            answer.assert_problem(409, "request-under-way");
        }
    }
    assert!(
        created.iter().all(|answer| answer.header("location") == created[0].header("location"))
    );
    // Equal content needs no key.
    let posts = (0..4).map(|_| post_to(router.clone(), "/v1/filings", &[JSON], other()));
    let answers = futures_util::future::join_all(posts).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::CREATED));
    let location = answers[0].header("location");
    assert!(answers.iter().all(|answer| answer.header("location") == location));
}
