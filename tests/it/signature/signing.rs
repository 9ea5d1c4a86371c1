//! Signing over HTTP: a filing is prepared, another system signs, and the signed copy is archived.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hongtou::archive::Archive;
use hongtou::archive::objects::sha256;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::signature::signing::preparation::{Encoding, Preparation};
use hongtou::signature::signing::prepared::PreparedPdf;
use hongtou::signature::signing::request::SigningRequest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::archive::filings::{acts, address, filed, get, send};
use crate::archive::services;
use crate::fixture;
use crate::http::access::ManualClock;
use crate::http::in_process::{Answer, JSON, app};
use crate::signature::letter::LETTER;
use crate::signature::signer::{certificate, root_certificate, sign, signature_value, trust};

const PDF: (&str, &str) = ("content-type", "application/pdf");

/// A server with a filing that is not signed yet.
pub(super) struct ServerWithLetter {
    pub(super) archive: Archive,
    clock: Arc<ManualClock>,
    pub(super) router: Router,
    pub(super) address: String,
}

impl ServerWithLetter {
    pub(super) async fn start() -> Self {
        let clock = ManualClock::new();
        let archive = services::at(&services::folder(), clock.clone()).await;
        let router = serving(&archive).await;
        let filing = filed(&router, fixture::bytes("valid", "letter-2023-46")).await;
        Self { archive, clock, router, address: address(&filing) }
    }

    pub(super) async fn prepare(&self, body: &Value) -> Answer {
        let path = format!("{}/signing", self.address);
        send(&self.router, "POST", &path, &[JSON], body.to_string()).await
    }

    /// Prepares the filing with the certificates of the tests. Returns the address and the response.
    async fn prepared(&self) -> (String, Value) {
        let answer = self.prepare(&json!({"container": "cms", "certificates": chain()})).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
        let signing = answer.json();
        let location = answer.header("location").to_owned();
        let id = signing["id"].as_str().unwrap();
        assert_eq!(location, format!("{}/signing/{id}", self.address));
        (location, signing)
    }

    pub(super) async fn hand_in(&self, location: &str, body: &Value) -> Answer {
        send(&self.router, "PUT", location, &[JSON], body.to_string()).await
    }

    pub(super) async fn signed_copy(&self) -> Vec<u8> {
        get(&self.router, &format!("{}/signed", self.address), &[]).await.body
    }
}

/// A server that trusts the certificate authority of the tests.
async fn serving(archive: &Archive) -> Router {
    router(Arc::new(App { archive: archive.clone(), trust: Arc::new(trust()), ..app().await }))
}

fn chain() -> Vec<String> {
    [certificate(), root_certificate()].map(|one| STANDARD.encode(one)).to_vec()
}

/// The signature value of what a prepared signing gives to sign.
fn value_for(signing: &Value) -> Value {
    let data = STANDARD.decode(signing["to_be_signed"]["data"].as_str().unwrap()).unwrap();
    let value = STANDARD.encode(signature_value(&data));
    json!({"signature": value, "certificates": chain()})
}

#[tokio::test]
async fn a_signature_value_becomes_the_signed_copy() {
    let server = ServerWithLetter::start().await;
    let (location, signing) = server.prepared().await;
    let to_be_signed = &signing["to_be_signed"];
    let data = STANDARD.decode(to_be_signed["data"].as_str().unwrap()).unwrap();
    assert_eq!(to_be_signed["hash"], json!(STANDARD.encode(Sha256::digest(data))));
    assert_eq!(to_be_signed["hash_algorithm_oid"], json!("2.16.840.1.101.3.4.2.1"));
    assert_eq!(to_be_signed["sign_algorithm_oid"], json!("1.2.840.10045.4.3.2"));

    // Nothing is stored: another server, or this one after a restart, completes the signing.
    let restarted = ServerWithLetter { router: serving(&server.archive).await, ..server };
    let stored = restarted.hand_in(&location, &value_for(&signing)).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    assert_eq!(stored.header("location"), format!("{}/signed", restarted.address));
    let record = stored.json()["signed"].clone();
    assert_eq!(record["derivation"], json!("identical_signed"));
    let copy = restarted.signed_copy().await;
    assert!(copy.starts_with(&LETTER));
    assert_eq!(record["sha256"], json!(sha256(&copy)));
    let verdict = get(&restarted.router, &format!("{}/verdict", restarted.address), &[]).await;
    let verdict = verdict.json();
    assert_eq!(verdict["passed"], json!(true), "{verdict}");
    assert_eq!(verdict["signatures"][0]["coverage"], json!("file"));
    assert_eq!(verdict["signatures"][0]["visible"], json!(false));
    let acts: Vec<String> =
        acts(&restarted.archive).await.into_iter().map(|(act, ..)| act).collect();
    assert_eq!(acts, ["filing_kept", "signed_copy_kept"]);

    let again = restarted.hand_in(&location, &value_for(&signing)).await;
    // ECDSA signatures differ each time, so this may be another file.
    assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&again.status));
    let prepare = restarted.prepare(&json!({"container": "cms"})).await;
    prepare.assert_problem(409, "other-signed-copy");
}

#[tokio::test]
async fn a_whole_cms_becomes_the_signed_copy() {
    let server = ServerWithLetter::start().await;
    let answer = server.prepare(&json!({"container": "cms", "contents_max": 8192})).await;
    let signing = answer.json();
    assert_eq!(signing["to_be_signed"], Value::Null);
    // The signing system gets the digest and makes the container itself.
    let preparation: Preparation = signing["id"].as_str().unwrap().parse().unwrap();
    assert_eq!((preparation.encoding(), preparation.space()), (Encoding::Cms, 8192));
    let prepared = PreparedPdf::new(&LETTER, preparation).unwrap();
    let digests = json!([
        {
            "algorithm": "SHA-256",
            "hash_algorithm_oid": "2.16.840.1.101.3.4.2.1",
            "digest": STANDARD.encode(prepared.sha256()),
        },
        {
            "algorithm": "SM3",
            "hash_algorithm_oid": "1.2.156.10197.1.401",
            "digest": STANDARD.encode(prepared.sm3()),
        },
    ]);
    assert_eq!(signing["document_digests"], digests);
    assert_eq!(signing["byte_range"], json!(prepared.byte_range()));
    let request = SigningRequest::new(&prepared, vec![certificate().to_vec()]).unwrap();
    let container = request.container(&signature_value(request.data_to_be_signed()));
    let location = answer.header("location").to_owned();
    let file = get(&server.router, &location, &[]).await;
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.body == prepared.bytes());
    let body = json!({"cms": STANDARD.encode(&container)});
    let stored = server.hand_in(&location, &body).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    assert_eq!(server.hand_in(&location, &body).await.status, StatusCode::OK);
    assert_eq!(server.signed_copy().await, prepared.signed(&container).unwrap());
}

#[tokio::test]
async fn what_does_not_sign_the_prepared_file_is_refused() {
    let server = ServerWithLetter::start().await;
    let (location, signing) = server.prepared().await;
    let good = value_for(&signing);
    let refused = async |body: Value, name: &str| {
        server.hand_in(&location, &body).await.assert_problem(422, name);
    };
    let other = STANDARD.encode(signature_value(b"something else"));
    refused(json!({"signature": other, "certificates": chain()}), "signature-refused").await;
    refused(json!({"cms": STANDARD.encode([0x30, 0])}), "signature-refused").await;
    refused(json!({"cms": STANDARD.encode(vec![0x30; 16_385])}), "signature-refused").await;
    let certificates = [STANDARD.encode(b"no certificate")];
    let body = json!({"signature": good["signature"], "certificates": certificates});
    refused(body, "unusable-certificates").await;
    for body in [
        json!({}),
        json!([]),
        json!({"signature": good["signature"]}),
        json!({"signature": "?", "certificates": chain()}),
        json!({"signature": good["signature"], "certificates": chain(), "cms": ""}),
        json!({"cms": "", "certificates": chain()}),
        json!({"ses": ""}),
        json!({"private_key": ""}),
    ] {
        refused(body, "invalid-body").await;
    }
    // A signing takes what it was prepared for.
    let seal = server.prepare(&json!({"container": "ses"})).await.header("location").to_owned();
    let junk = json!({"ses": STANDARD.encode([0x30, 0])});
    server.hand_in(&seal, &junk).await.assert_problem(422, "signature-refused");
    let wrong = json!({"cms": STANDARD.encode([0x30, 0])});
    server.hand_in(&seal, &wrong).await.assert_problem(422, "invalid-body");
    // Nothing of that was archived, and the signing can still be completed.
    let count = server.archive.database.query("SELECT COUNT(*) AS n FROM signed_copies");
    let count: i64 = count.fetch_one().await.unwrap().get("n");
    assert_eq!(count, 0);
    assert_eq!(server.hand_in(&location, &good).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_signature_that_does_not_fit_is_refused() {
    let server = ServerWithLetter::start().await;
    let chain = vec![STANDARD.encode(certificate()); 16];
    let answer = server
        .prepare(&json!({"container": "cms", "contents_max": 4096, "certificates": chain}))
        .await;
    let signing = answer.json();
    let data = STANDARD.decode(signing["to_be_signed"]["data"].as_str().unwrap()).unwrap();
    let preparation: Preparation = signing["id"].as_str().unwrap().parse().unwrap();
    let prepared = PreparedPdf::new(&LETTER, preparation).unwrap();
    let request = SigningRequest::new(&prepared, vec![certificate().to_vec()]).unwrap();
    let container = request.container(&signature_value(&data));
    let long = with_padding(&container, 5000);
    let location = answer.header("location").to_owned();
    let body = json!({"cms": STANDARD.encode(long)});
    server.hand_in(&location, &body).await.assert_problem(422, "signature-too-long");
}

/// The container with zeros after it, which are allowed as padding.
fn with_padding(container: &[u8], length: usize) -> Vec<u8> {
    [container, &vec![0; length]].concat()
}

#[tokio::test]
async fn a_prepared_signing_expires() {
    let server = ServerWithLetter::start().await;
    let (location, signing) = server.prepared().await;
    server.clock.advance(24 * 60 * 60 + 1);
    let late = server.hand_in(&location, &value_for(&signing)).await;
    late.assert_problem(410, "signing-expired");
    get(&server.router, &location, &[]).await.assert_problem(410, "signing-expired");
    // A name that no server gave out yet.
    let seconds = 1_800_000_000 + 2 * 24 * 60 * 60;
    for id in [format!("cms-16384-{seconds}"), "cms-16384".to_owned(), "x".to_owned()] {
        let location = format!("{}/signing/{id}", server.address);
        let answer = server.hand_in(&location, &value_for(&signing)).await;
        answer.assert_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_signing_is_prepared_only_as_described() {
    let server = ServerWithLetter::start().await;
    for (body, name) in [
        (json!({}), "invalid-body"),
        (json!({"container": "pkcs7"}), "invalid-body"),
        (json!({"container": "cms", "contents_max": 4095}), "invalid-body"),
        (json!({"container": "cms", "contents_max": 262_145}), "invalid-body"),
        (json!({"container": "cms", "key": "PEM"}), "invalid-body"),
        (json!({"container": "ses", "certificates": chain()}), "invalid-body"),
        (json!({"container": "cms", "certificates": ["?"]}), "invalid-body"),
        (json!({"container": "cms", "certificates": []}), "unusable-certificates"),
    ] {
        server.prepare(&body).await.assert_problem(422, name);
    }
    let unknown = server.prepare(&json!({"container": "cms", "key": "PEM"})).await.json();
    assert_eq!(unknown["detail"], json!("提交内容不符合接口的规定，见第1行第24列。"));
    let signed = sign(&LETTER);
    let path = format!("{}/signed", server.address);
    assert_eq!(send(&server.router, "PUT", &path, &[PDF], signed).await.status, 201);
    let prepare = server.prepare(&json!({"container": "cms"})).await;
    prepare.assert_problem(409, "other-signed-copy");
}

#[tokio::test]
async fn a_number_is_signed_once_in_all_its_revisions() {
    let mut server = ServerWithLetter::start().await;
    let first = server.address.clone();
    let revised = fixture::bytes("valid", "letter-2023-46");
    let mut revised: Value = serde_json::from_slice(&revised).unwrap();
    let title = revised["document"]["title"].as_str().unwrap().replace("关于", "有关");
    assert_ne!(revised["document"]["title"], json!(title));
    revised["document"]["title"] = json!(title);
    let filing = filed(&server.router, revised.to_string().into_bytes()).await;
    assert_eq!(filing["revision"], json!(2));
    server.address = address(&filing);
    let (location, signing) = server.prepared().await;

    let path = format!("{first}/signed");
    assert_eq!(send(&server.router, "PUT", &path, &[PDF], sign(&LETTER)).await.status, 201);
    let prepare = server.prepare(&json!({"container": "cms"})).await;
    prepare.assert_problem(409, "other-signed-copy");
    let late = server.hand_in(&location, &value_for(&signing)).await;
    late.assert_problem(409, "other-signed-copy");
    let path = format!("{}/signed", server.address);
    let pdf = get(&server.router, &format!("{}/pdf", server.address), &[]).await.body;
    let put = send(&server.router, "PUT", &path, &[PDF], sign(&pdf)).await;
    put.assert_problem(409, "other-signed-copy");
}
