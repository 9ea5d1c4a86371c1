//! Witnesses: they cosign continuations only, and receipts carry their signatures.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hongtou::archive::Archive;
use hongtou::archive::log::receipts::ReceiptState;
use hongtou::archive::witness::Witness;
use hongtou::http::log::witness::routes;
use hongtou::log::note::keys::Algorithm;
use hongtou::log::note::signed_note::parse_signatures;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::archive::filings::{filed, server};
use crate::archive::log::{ORIGIN, acts, keeper, key, policy, round};
use crate::archive::services;
use crate::http::batches::letter;

const NAME: &str = "daj.example/witness";

fn witness(folder: &std::path::Path) -> Witness {
    Witness::new(folder, key(NAME, 7), vec![key(ORIGIN, 1).verifier(Algorithm::Ed25519)])
}

/// Sends a request to a witness that is started for it, as after a restart.
async fn ask(
    folder: &std::path::Path,
    method: &str,
    path: &str,
    body: String,
) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
    let response = routes(witness(folder)).oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn request(archive: &Archive, old: u64) -> String {
    archive.request_for_witness(old).await.unwrap().unwrap().to_text()
}

#[tokio::test]
async fn a_receipt_carries_the_signature_of_the_witness() {
    let archive = services::empty().await;
    let filing = filed(&server(&archive).await, letter(1)).await;
    let keeper = keeper(&archive).await;
    round(&keeper).await;
    let folder = services::folder();
    let (status, line) = ask(&folder, "POST", "/add-checkpoint", request(&archive, 0).await).await;
    assert_eq!(status, StatusCode::OK, "{line}");
    let vkey = key(NAME, 7).verifier(Algorithm::Cosignature);
    let signature = parse_signatures(&line).unwrap().remove(0);
    assert_eq!(archive.add_cosignature(&vkey, &signature).await.unwrap(), Some(1));
    assert_eq!(archive.cosigned_size(&vkey).await.unwrap(), 1);
    // A newer checkpoint without signatures of witnesses: the receipt stays with the older one.
    acts(&archive, 2).await;
    round(&keeper).await;
    let pdf = filing["sha256"].as_str().unwrap();
    let ReceiptState::Ready(receipt) = archive.receipt(pdf).await.unwrap() else { panic!() };
    let policy = policy(&format!("witness w {}\nquorum w", vkey.to_vkey()));
    let trusted = receipt.verify(&policy).unwrap();
    assert_eq!((trusted.checkpoint.size, trusted.witnesses), (1, vec!["w".to_owned()]));
    let mut other = signature.clone();
    other.signature[20] ^= 1;
    assert_eq!(archive.add_cosignature(&vkey, &other).await.unwrap(), None);
}

#[tokio::test]
async fn a_witness_remembers_what_it_cosigned() {
    let archive = services::empty().await;
    let keeper = keeper(&archive).await;
    let folder = services::folder();
    acts(&archive, 3).await;
    round(&keeper).await;
    let first = request(&archive, 0).await;
    assert_eq!(ask(&folder, "POST", "/add-checkpoint", first.clone()).await.0, StatusCode::OK);
    let again = ask(&folder, "POST", "/add-checkpoint", first).await;
    assert_eq!(again, (StatusCode::CONFLICT, "3\n".to_owned()));
    acts(&archive, 300).await;
    round(&keeper).await;
    let next = request(&archive, 3).await;
    assert_eq!(ask(&folder, "POST", "/add-checkpoint", next).await.0, StatusCode::OK);
    let path = format!("/{}/checkpoint", hongtou::archive::objects::sha256(ORIGIN.as_bytes()));
    let (status, last) = ask(&folder, "GET", &path, String::new()).await;
    assert!(status == StatusCode::OK && last.contains("\n303\n") && last.contains(NAME), "{last}");
    assert_eq!(ask(&folder, "GET", "/x/checkpoint", String::new()).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_fork_is_not_cosigned() {
    let folder = services::folder();
    let (one, other) = (services::empty().await, services::empty().await);
    for (archive, count) in [(&one, 3), (&other, 5)] {
        acts(archive, count).await;
        round(&keeper(archive).await).await;
    }
    let cosigned = ask(&folder, "POST", "/add-checkpoint", request(&one, 0).await).await;
    assert_eq!(cosigned.0, StatusCode::OK);
    let fork = ask(&folder, "POST", "/add-checkpoint", request(&other, 3).await).await;
    assert_eq!(fork.0, StatusCode::UNPROCESSABLE_ENTITY);
    for (body, status) in [
        (request(&one, 0).await.replace("\n3\n", "\n4\n"), StatusCode::FORBIDDEN),
        (request(&one, 0).await.replace(ORIGIN, "other.example/1"), StatusCode::NOT_FOUND),
        ("nonsense".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(ask(&folder, "POST", "/add-checkpoint", body).await.0, status);
    }
}
