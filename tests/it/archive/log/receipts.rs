//! Receipts over HTTP, and the public files of the log.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use hongtou::archive::access::keys::Token;
use hongtou::archive::objects::sha256;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::log::entry::Entry;
use hongtou::log::note::signed_note::SignedNote;
use hongtou::log::receipt::Receipt;
use hongtou::log::tree::bundle::parse_bundle;
use hongtou::log::tree::hash::Hash;
use serde_json::Value;
use sqlx::Row;

use crate::archive::filings::{address, filed, get, send, server};
use crate::archive::log::{keeper, policy, report, round};
use crate::archive::services;
use crate::fixture;
use crate::http::access::{bearer, test_server};
use crate::http::batches::letter;
use crate::http::in_process::{UNBOUNDED, app};
use crate::signature::signer::{sign, trust};

const PDF: (&str, &str) = ("content-type", "application/pdf");

async fn receipt(router: &Router, filing: &Value, query: &str) -> Receipt {
    let answer = get(router, &format!("{}/receipt{query}", address(filing)), &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    Receipt::parse(str::from_utf8(&answer.body).unwrap()).unwrap()
}

#[tokio::test]
async fn a_filing_has_a_receipt_that_verifies() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let filing = filed(&router, letter(1)).await;
    let path = format!("{}/receipt", address(&filing));
    let early = get(&router, &path, &[]).await;
    assert_eq!((early.status, early.header("retry-after")), (StatusCode::ACCEPTED, "10"));

    let keeper = keeper(&archive).await;
    assert_eq!(round(&keeper).await.published, Some(1));
    let receipt = receipt(&router, &filing, "").await;
    let trusted = receipt.verify(&policy("quorum none")).unwrap();
    assert_eq!((trusted.checkpoint.size, receipt.index), (1, 0));
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let entry = Entry::parse(&receipt.entry).unwrap();
    assert_eq!(entry.act, "filing_kept");
    assert_eq!(entry.object(&pdf).unwrap().role, "pdf");
    let source = get(&router, &format!("{}/source", address(&filing)), &[]).await.body;
    assert_eq!(entry.object(&source).unwrap().role, "source");
    let text = String::from_utf8(receipt.entry).unwrap();
    for secret in ["title", "document_number", "\"id\":\"local"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_signed_copy_has_a_receipt_of_its_own() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let filing = filed(&router, fixture::bytes("valid", "letter-2023-46")).await;
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let signed = sign(&pdf);
    let path = format!("{}/signed", address(&filing));
    let put = send(&router, "PUT", &path, &[PDF], signed.clone()).await;
    assert_eq!(put.status, StatusCode::CREATED);
    round(&keeper(&archive).await).await;
    for (query, file, act) in [
        ("", &signed, "signed_copy_kept"),
        ("?file=signed", &signed, "signed_copy_kept"),
        ("?file=pdf", &pdf, "filing_kept"),
    ] {
        let receipt = receipt(&router, &filing, query).await;
        receipt.verify(&policy("quorum none")).unwrap();
        let entry = Entry::parse(&receipt.entry).unwrap();
        assert!(entry.act == act && entry.object(file).is_some(), "{query}: {entry:?}");
    }
    let wrong = get(&router, &format!("{}/receipt?file=x", address(&filing)), &[]).await;
    wrong.assert_problem(400, "invalid-query");
}

#[tokio::test]
async fn a_verification_says_whether_the_file_is_in_the_log() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let filing = filed(&router, letter(1)).await;
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let verified = async |file: &[u8]| {
        let answer = send(&router, "POST", "/v1/verifications", &[PDF], file.to_vec()).await;
        answer.json()["receipt"].clone()
    };
    let expected = |state: &str| serde_json::json!({"state": state, "sha256": filing["sha256"]});
    assert_eq!(verified(&pdf).await, expected("waiting"));
    round(&keeper(&archive).await).await;
    assert_eq!(verified(&pdf).await, expected("ready"));
    // A signed file that is not archived: the receipt is that of its PDF.
    assert_eq!(verified(&sign(&pdf)).await, expected("ready"));
    archive.database.query("DELETE FROM log_objects").execute().await.unwrap();
    assert_eq!(verified(&pdf).await, expected("not_logged"));
    let source = fixture::bytes("valid", fixture::SEED);
    let other = hongtou::generate::generate(&source, &crate::http::in_process::TYPESETTER).unwrap();
    assert_eq!(verified(&other.pdf).await, Value::Null, "no filing is found");
}

#[tokio::test]
async fn the_trust_list_of_a_verdict_is_evidence() {
    let archive = services::empty().await;
    let app = App { archive: archive.clone(), trust: Arc::new(trust()), ..app().await };
    let router = router(Arc::new(app));
    for serial in [1, 2] {
        let filing = filed(&router, letter(serial)).await;
        let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
        let path = format!("{}/signed", address(&filing));
        let put = send(&router, "PUT", &path, &[PDF], sign(&pdf)).await;
        assert_eq!(put.status, StatusCode::CREATED);
    }
    round(&keeper(&archive).await).await;
    let sql = "SELECT entry FROM log_entries ORDER BY idx";
    let rows = archive.database.query(sql).fetch_all().await.unwrap();
    let entries =
        rows.iter().map(|row| Entry::parse(row.get::<&str, _>("entry").as_bytes()).unwrap());
    let kept: Vec<Entry> = entries.filter(|entry| entry.act == "evidence_kept").collect();
    assert_eq!(kept.len(), 1, "the second verdict rests on the same evidence");
    let trust = trust();
    let items: Vec<&[u8]> = trust.certificates().chain(trust.crls()).collect();
    for item in &items {
        assert!(kept[0].object(item).is_some());
        assert_eq!(archive.objects.get(&sha256(item)).await.unwrap(), *item);
    }
    assert_eq!(kept[0].objects.len(), items.len() + 1);
}

#[tokio::test]
async fn the_public_files_are_the_log() {
    let server = test_server(UNBOUNDED).await;
    let admin = server.key("admin", None).await;
    let reader = server.key("read", None).await;
    let get = async |path: &str, token: Option<&Token>| {
        let authorization = token.map(bearer).unwrap_or_default();
        let headers = [("authorization", authorization.as_str())];
        server.send("GET", path, if token.is_some() { &headers } else { &[] }).await
    };
    get("/log/checkpoint", None).await.assert_problem(404, "not-found");
    round(&keeper(&server.archive).await).await;
    let checkpoint = get("/log/checkpoint", None).await;
    let note = SignedNote::parse(str::from_utf8(&checkpoint.body).unwrap()).unwrap();
    let trusted = policy("quorum none").verify(&note).unwrap();
    assert_eq!(trusted.checkpoint.size, 2, "two keys were added");

    let tile = get("/log/tile/0/000.p/2", None).await;
    assert_eq!(tile.header("cache-control"), "public, max-age=31536000, immutable");
    let path = "/log/tile/entries/000.p/2";
    get(path, None).await.assert_problem(401, "unauthenticated");
    get(path, Some(&reader)).await.assert_problem(403, "forbidden");
    let entries = parse_bundle(&get(path, Some(&admin)).await.body, 2).unwrap();
    let leaves: Vec<u8> = entries.iter().flat_map(|entry| Hash::leaf(entry).0).collect();
    assert_eq!(tile.body, leaves);
    for missing in ["0/001", "0/000", "9/000", "entries/000", "0/..%2F000", "x"] {
        let answer = get(&format!("/log/tile/{missing}"), Some(&admin)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    assert_eq!(report(&server.archive).await.faults, []);
}

#[tokio::test]
async fn objects_that_the_log_names_and_its_files_are_never_collected() {
    use hongtou::archive::collect::COLLECTED_AFTER;
    let folder = services::folder();
    let archive = services::in_folder(&folder).await;
    let router = server(&archive).await;
    let filing = filed(&router, letter(1)).await;
    round(&keeper(&archive).await).await;
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    for sql in ["DELETE FROM filing_issuers", "DELETE FROM title_grams", "DELETE FROM filings"] {
        archive.database.query(sql).execute().await.unwrap();
    }
    let clock = crate::http::access::ManualClock::new();
    clock.advance(i64::try_from(COLLECTED_AFTER.as_secs()).unwrap());
    let tomorrow = services::at(&folder, clock).await;
    assert_eq!(tomorrow.set_unnamed_aside().await.unwrap(), 0);
    assert_eq!(tomorrow.objects.get(&sha256(&pdf)).await.unwrap(), pdf);
    assert_eq!(report(&tomorrow).await.faults, []);
}
