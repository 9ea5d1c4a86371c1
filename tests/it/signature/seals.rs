//! Seals (GB/T 38540) over HTTP: one of the prepared file is archived with its verdict, and no other.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hongtou::archive::objects::sha256;
use hongtou::signature::signing::preparation::{Encoding, Preparation};
use hongtou::signature::signing::prepared::PreparedPdf;
use serde_json::{Value, json};
use sqlx::Row;

use crate::archive::filings::{acts, get};
use crate::signature::letter::LETTER;
use crate::signature::seals::sealer::Sm2Key;
use crate::signature::signing::ServerWithLetter;

#[expect(dead_code, reason = "the tests of `signature/` use the rest")]
#[path = "../../../signature/tests/it/signing/sealer.rs"]
mod sealer;

/// A filing that is prepared for a seal: the server, the address, and the SM3 digest that it gave.
async fn prepared() -> (ServerWithLetter, String, Vec<u8>) {
    let server = ServerWithLetter::start().await;
    let answer = server.prepare(&json!({"container": "ses"})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
    let signing = answer.json();
    let digests = signing["document_digests"].as_array().unwrap();
    let sm3 = digests.iter().find(|one| one["algorithm"] == "SM3").unwrap();
    let digest = STANDARD.decode(sm3["digest"].as_str().unwrap()).unwrap();
    (server, answer.header("location").to_owned(), digest)
}

fn body(seal: &[u8]) -> Value {
    json!({"ses": STANDARD.encode(seal)})
}

#[tokio::test]
async fn a_seal_becomes_the_signed_copy() {
    let (server, location, digest) = prepared().await;
    let seal = Sm2Key::new(7).seal(&digest);
    let stored = server.hand_in(&location, &body(&seal)).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    let record = stored.json()["signed"].clone();
    assert_eq!(record["derivation"], json!("identical_signed"));

    // The original is an exact prefix. What follows is the prepared revision with the seal in it.
    let copy = server.signed_copy().await;
    assert!(copy.starts_with(&LETTER));
    assert_eq!(record["sha256"], json!(sha256(&copy)));
    let id = location.rsplit('/').next().unwrap();
    let preparation: Preparation = id.parse().unwrap();
    assert_eq!(preparation.encoding(), Encoding::Seal);
    let prepared = PreparedPdf::new(&LETTER, preparation).unwrap();
    assert!(copy == prepared.signed(&seal).unwrap());

    let verdict = get(&server.router, &format!("{}/verdict", server.address), &[]).await.json();
    assert_eq!(verdict["passed"], json!(true), "{verdict}");
    let [signature] = verdict["signatures"].as_array().unwrap().as_slice() else {
        panic!("one signature: {verdict}")
    };
    let judgement = &signature["judgement"];
    assert_eq!(judgement["scheme"], json!("ses"), "{verdict}");
    assert_eq!(judgement["indication"], json!("TOTAL-PASSED"), "{verdict}");
    assert_eq!(signature["coverage"], json!("file"), "{verdict}");
    let acts: Vec<String> = acts(&server.archive).await.into_iter().map(|(act, ..)| act).collect();
    assert_eq!(acts, ["filing_kept", "signed_copy_kept"]);

    // A seal is deterministic here, so the same one is the same file.
    assert_eq!(server.hand_in(&location, &body(&seal)).await.status, StatusCode::OK);
    let other = Sm2Key::new(9).seal(&digest);
    server.hand_in(&location, &body(&other)).await.assert_problem(409, "other-signed-copy");
}

#[tokio::test]
async fn no_other_seal_is_archived() {
    let (server, location, digest) = prepared().await;
    let key = Sm2Key::new(7);
    let good = key.seal(&digest);
    let mut of_another_file = digest.clone();
    of_another_file[0] ^= 1;
    let mut stranger = Sm2Key::new(9);
    stranger.certificate.clone_from(&key.certificate);
    let mut broken = good.clone();
    *broken.last_mut().unwrap() ^= 1;
    // The name in the seal is signed by the signer and by the maker of the seal.
    let owner = "试验机关".as_bytes();
    let at = good.windows(owner.len()).position(|part| part == owner).unwrap();
    let mut renamed = good.clone();
    renamed[at + 2] ^= 1;
    for (seal, code) in [
        (key.seal(&of_another_file), "文件"),
        (stranger.seal(&digest), "签名"),
        (broken, "签名"),
        (renamed, "签名"),
        (good[..good.len() - 1].to_vec(), ""),
    ] {
        let refused = server.hand_in(&location, &body(&seal)).await;
        refused.assert_problem(422, "signature-refused");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(code), "{detail}");
    }
    let long = body(&[good.clone(), vec![0; 65_536]].concat());
    server.hand_in(&location, &long).await.assert_problem(422, "signature-too-long");
    let count = server.archive.database.query("SELECT COUNT(*) AS n FROM signed_copies");
    let count: i64 = count.fetch_one().await.unwrap().get("n");
    assert_eq!(count, 0);
    assert_eq!(server.hand_in(&location, &body(&good)).await.status, StatusCode::CREATED);
}
