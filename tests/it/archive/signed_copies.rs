//! Signed copies and verdicts over HTTP: archiving signed copies, and verifying any PDF.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use hongtou::archive::Archive;
use hongtou::archive::objects::sha256;
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::{Value, json};
use sqlx::Row;

use crate::archive::filings::{acts, address, filed, get, post, send};
use crate::archive::services;
use crate::fixture;
use crate::http::access::{ManualClock, bearer, test_server};
use crate::http::in_process::{Answer, JSON, UNBOUNDED, app};
use crate::signature::letter::{LETTER, printed};
use crate::signature::signer::{FieldOptions, Revision, prepare, sign, trust};

const PDF: (&str, &str) = ("content-type", "application/pdf");

/// A server that trusts the certificate authority of the tests.
async fn trusting(archive: &Archive) -> Router {
    router(Arc::new(App { archive: archive.clone(), trust: Arc::new(trust()), ..app().await }))
}

/// An archive whose clock stands still.
async fn at_fixed_time() -> Archive {
    services::at(&services::folder(), ManualClock::new()).await
}

fn letter() -> Vec<u8> {
    fixture::bytes("valid", "letter-2023-46")
}

/// The letter with another date under the same number.
fn revised() -> Vec<u8> {
    let mut letter: Value = serde_json::from_slice(&letter()).unwrap();
    letter["document"]["document_date"] = json!("2023-03-14");
    letter["document"]["printing_date"] = json!("2023-03-14");
    letter.to_string().into_bytes()
}

/// The signed letter with free text over it.
fn altered() -> Vec<u8> {
    let mut revision = Revision::on(&sign(&LETTER));
    let note = revision.add("<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/Contents(0)>>");
    let signature = revision.before.max_id;
    let page = revision.page();
    revision.set(page, "Annots", &format!("[{signature} 0 R {note} 0 R]"));
    revision.written()
}

/// The letter with the place for a signature, which is still empty.
fn with_empty_place() -> Vec<u8> {
    empty_place(&LETTER, "Signature1")
}

fn with_empty_places() -> Vec<u8> {
    empty_place(&with_empty_place(), "Signature2")
}

fn empty_place(file: &[u8], field: &str) -> Vec<u8> {
    let options = FieldOptions { field, ..FieldOptions::default() };
    let prepared = prepare(file, &options, |_, _| {});
    let byte_range = prepared.correct_byte_range();
    let contents = prepared.contents.clone();
    let mut file = prepared.signed(byte_range);
    file[contents.start + 1..contents.end - 1].fill(b'0');
    file
}

async fn put(router: &Router, record: &Value, body: &[u8]) -> Answer {
    send(router, "PUT", &format!("{}/signed", address(record)), &[PDF], body.to_vec()).await
}

async fn verify(router: &Router, body: &[u8]) -> Answer {
    send(router, "POST", "/v1/verifications", &[PDF], body.to_vec()).await
}

#[tokio::test]
async fn a_signed_copy_prevents_other_content_under_its_number() {
    let archive = services::empty().await;
    let router = trusting(&archive).await;
    let first = filed(&router, letter()).await;
    let signed_at = format!("{}/signed", address(&first));
    let ask = async |headers: &[(&str, &str)], body: &[u8]| {
        send(&router, "PUT", &signed_at, headers, body.to_vec()).await
    };
    get(&router, &signed_at, &[]).await.assert_problem(404, "not-found");
    ask(&[PDF], &LETTER).await.assert_problem(422, "unsigned");
    ask(&[PDF], &[LETTER.as_slice(), b"\n"].concat()).await.assert_problem(422, "unsigned");
    ask(&[PDF], b"<html>").await.assert_problem(422, "not-a-pdf");
    ask(&[PDF], b"%PDF-1.7 x").await.assert_problem(422, "unreadable-pdf");
    ask(&[PDF], &sign(&printed("order-2023-12"))).await.assert_problem(422, "unrelated");
    ask(&[JSON], &LETTER).await.assert_problem(415, "unsupported-media-type");
    ask(&[PDF, ("if-match", "*")], &LETTER).await.assert_problem(412, "precondition-failed");
    let long = [PDF, ("content-length", "67108865")];
    ask(&long, &LETTER).await.assert_problem(413, "body-too-long");

    let signed = sign(&LETTER);
    let stored = ask(&[PDF], &signed).await;
    assert_eq!(
        (stored.status, stored.header("location")),
        (StatusCode::CREATED, signed_at.as_str())
    );
    let record = stored.json()["signed"].clone();
    assert_eq!(record["sha256"], json!(sha256(&signed)));
    assert_eq!(record["bytes"], json!(signed.len()));
    assert_eq!(record["derivation"], json!("identical_signed"));
    assert_eq!(ask(&[PDF], &signed).await.status, StatusCode::OK);
    ask(&[PDF], &altered()).await.assert_problem(409, "other-signed-copy");
    let create = [PDF, ("if-none-match", "*")];
    ask(&create, &signed).await.assert_problem(412, "precondition-failed");
    let back = get(&router, &signed_at, &[]).await;
    assert!(back.body == signed && back.header("content-type") == "application/pdf");

    post(&router, revised()).await.assert_problem(409, "number-signed");
    assert_eq!(filed(&router, letter()).await["id"], first["id"]);
    let acts: Vec<String> = acts(&archive).await.into_iter().map(|(act, ..)| act).collect();
    assert_eq!(acts, ["filing_kept", "signed_copy_kept"]);
}

#[tokio::test]
async fn an_unsigned_file_does_not_close_the_number() {
    let router = trusting(&services::empty().await).await;
    let filing = filed(&router, letter()).await;
    let handed_in = |name: &str| std::fs::read(fixture::folder("handed-in").join(name)).unwrap();
    let with = |write: fn(&mut Revision)| {
        let mut revision = Revision::on(&LETTER);
        write(&mut revision);
        revision.written()
    };
    let note = |revision: &mut Revision| {
        let note = revision.add("<</Type/Annot/Subtype/Text/Rect[9 9 20 20]/Contents(0)>>");
        revision.set(revision.page(), "Annots", &format!("[{note} 0 R]"));
    };
    let empty_field = |revision: &mut Revision| {
        let field = revision.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(E)/F 132/Rect[0 0 0 0]>>");
        revision.set(revision.page(), "Annots", &format!("[{field} 0 R]"));
        revision.set(revision.catalog(), "AcroForm", &format!("<</Fields[{field} 0 R]>>"));
    };
    let unsigned = [
        ("saved again", handed_in("letter-qpdf.pdf")),
        ("linearized", handed_in("letter-linear.pdf")),
        ("with a text", handed_in("letter-stamped.pdf")),
        ("with a note", with(note)),
        ("with an empty field", with(empty_field)),
        ("with a line break", [LETTER.as_slice(), b"\r\n"].concat()),
        ("with NULs", [LETTER.as_slice(), &[0; 40]].concat()),
        ("prepared for a signature", with_empty_place()),
        ("prepared for two signatures", with_empty_places()),
    ];
    for (name, file) in unsigned {
        let answer = put(&router, &filing, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        answer.assert_problem(422, "unsigned");
        let kind = verify(&router, &file).await.json()["derivation"]["kind"].clone();
        assert_ne!(kind, json!("identical_signed"), "{name}");
    }
    let stamped = with(|revision| {
        let stamp = revision.add("<</Type/Annot/Subtype/Stamp/Rect[300 200 420 320]>>");
        revision.set(revision.page(), "Annots", &format!("[{stamp} 0 R]"));
    });
    assert_eq!(put(&router, &filing, &stamped).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_administrator_withdraws_a_wrong_signed_copy() {
    let archive = services::empty().await;
    let router = trusting(&archive).await;
    let filing = filed(&router, letter()).await;
    let signed_at = format!("{}/signed", address(&filing));
    let withdraw = async |headers: &[(&str, &str)]| {
        send(&router, "DELETE", &signed_at, headers, Vec::new()).await
    };
    withdraw(&[]).await.assert_problem(404, "not-found");
    let wrong = altered();
    assert_eq!(put(&router, &filing, &wrong).await.status, StatusCode::CREATED);
    put(&router, &filing, &sign(&LETTER)).await.assert_problem(409, "other-signed-copy");
    let other = format!("\"{}\"", sha256(b"other"));
    withdraw(&[("if-match", &other)]).await.assert_problem(412, "precondition-failed");
    let own = format!("\"{}\"", sha256(&wrong));
    assert_eq!(withdraw(&[("if-match", &own)]).await.status, StatusCode::NO_CONTENT);
    get(&router, &signed_at, &[]).await.assert_problem(404, "not-found");
    assert_eq!(put(&router, &filing, &sign(&LETTER)).await.status, StatusCode::CREATED);

    // The withdrawn file is recorded and kept.
    let query = archive.database.query("SELECT sha256 FROM withdrawn_copies");
    let withdrawn: String = query.fetch_one().await.unwrap().get("sha256");
    assert_eq!(withdrawn, sha256(&wrong));
    assert_eq!(archive.objects.get(&withdrawn).await.unwrap(), wrong);
    let acts: Vec<String> = acts(&archive).await.into_iter().map(|(act, ..)| act).collect();
    let expected = ["filing_kept", "signed_copy_kept", "signed_copy_withdrawn", "signed_copy_kept"];
    assert_eq!(acts, expected);
}

#[tokio::test]
async fn one_revision_of_a_number_has_a_signed_copy_whatever_its_verdict() {
    let router = trusting(&services::empty().await).await;
    let first = filed(&router, letter()).await;
    let second = filed(&router, revised()).await;
    let scan = std::fs::read(fixture::folder("handed-in").join("scan.pdf")).unwrap();
    let stored = put(&router, &second, &scan).await;
    assert_eq!(stored.json()["signed"]["derivation"], json!("scan"));
    put(&router, &first, &sign(&LETTER)).await.assert_problem(409, "other-signed-copy");
    let verdict = get(&router, &format!("{}/verdict", address(&second)), &[]).await.json();
    assert_eq!((&verdict["passed"], &verdict["signatures"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn a_verdict_is_stored_unchanged() {
    let archive = at_fixed_time().await;
    let router = trusting(&archive).await;
    let filing = filed(&router, letter()).await;
    let verdict_at = format!("{}/verdict", address(&filing));
    get(&router, &verdict_at, &[]).await.assert_problem(404, "not-found");
    let signed = sign(&LETTER);
    let record = put(&router, &filing, &signed).await.json()["signed"].clone();

    let stored = get(&router, &verdict_at, &[]).await;
    assert_eq!(stored.status, StatusCode::OK);
    assert_eq!(record["verdict_sha256"], json!(sha256(&stored.body)));
    let etag = stored.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", sha256(&stored.body)));
    let unchanged = get(&router, &verdict_at, &[("if-none-match", &etag)]).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    let verdict = stored.json();
    assert_eq!(verdict["passed"], json!(true));
    assert_eq!(verdict["sha256"], json!(sha256(&signed)));
    assert_eq!(verdict["derivation"]["original_sha256"], filing["sha256"]);
    assert_eq!(verdict["trust"]["certificates"], json!(1));
    let signature = &verdict["signatures"][0];
    assert_eq!(signature["judgement"]["indication"], json!("TOTAL-PASSED"));
    assert_eq!(signature["judgement"]["signer"]["subject"], json!("CN=张三"));
    assert_eq!((&signature["revision"], &signature["coverage"]), (&json!(2), &json!("file")));

    // A server without trusted certificates has another verdict, but the stored one stays.
    let distrusting = crate::archive::filings::server(&archive).await;
    assert!(get(&distrusting, &verdict_at, &[]).await.body == stored.body);
    let again = get(&distrusting, &format!("{verdict_at}?again=true"), &[]).await.json();
    let judgement = &again["signatures"][0]["judgement"];
    assert_eq!(judgement["sub_indication"], json!("NO_CERTIFICATE_CHAIN_FOUND"));
    assert_eq!(again["derivation"], verdict["derivation"]);
    for query in ["again=1", "again=true&again=true", "x=1"] {
        let answer = get(&router, &format!("{verdict_at}?{query}"), &[]).await;
        answer.assert_problem(400, "invalid-query");
    }
    // A copy from a version without verdicts is verified on request. Its derivation is an older code.
    let remove_verdict = "UPDATE signed_copies SET verdict_sha256 = NULL, derivation = 'extended'";
    archive.database.query(remove_verdict).execute().await.unwrap();
    assert_eq!(get(&router, &verdict_at, &[]).await.json(), verdict);
    let record = get(&router, &address(&filing), &[]).await.json()["signed"].clone();
    assert_eq!(
        (&record["derivation"], &record["verdict_sha256"]),
        (&json!("extended"), &Value::Null)
    );
}

#[tokio::test]
async fn an_altered_copy_is_stored_as_altered() {
    let router = trusting(&services::empty().await).await;
    let filing = filed(&router, letter()).await;
    let stored = put(&router, &filing, &altered()).await;
    assert_eq!(
        (stored.status, &stored.json()["signed"]["derivation"]),
        (StatusCode::CREATED, &json!("altered"))
    );
    let verdict = get(&router, &format!("{}/verdict", address(&filing)), &[]).await.json();
    let change = &verdict["derivation"]["changes"][0];
    assert_eq!(
        (&change["code"], &change["revision"], &change["page"]),
        (&json!("annotation_added"), &json!(3), &json!(1))
    );
    assert_eq!(verdict["passed"], json!(false));
}

#[tokio::test]
async fn any_pdf_is_verified_and_none_is_stored() {
    let archive = services::empty().await;
    let router = trusting(&archive).await;
    let unknown = verify(&router, &sign(&printed("order-2023-12"))).await.json();
    assert_eq!(unknown["filing"], Value::Null);
    assert_eq!(unknown["remake"]["outcome"], json!("remade"));
    assert_eq!(unknown["derivation"]["kind"], json!("identical_signed"));
    assert_eq!(unknown["passed"], json!(true));
    let changed = std::fs::read(fixture::folder("handed-in").join("letter-qpdf.pdf")).unwrap();
    let changed = verify(&router, &changed).await.json();
    assert_eq!(changed["remake"]["outcome"], json!("cannot_be_remade"));
    assert_eq!((&changed["derivation"], &changed["passed"]), (&Value::Null, &json!(false)));
    let filing = filed(&router, letter()).await;
    for (file, kind) in
        [(LETTER.clone(), "identical"), (sign(&LETTER), "identical_signed"), (altered(), "altered")]
    {
        let verdict = verify(&router, &file).await.json();
        assert_eq!(verdict["filing"]["id"], filing["id"], "{kind}");
        assert_eq!(verdict["remake"], Value::Null, "{kind}");
        assert_eq!(verdict["derivation"]["kind"], json!(kind));
    }
    verify(&router, b"%PDF-1.7").await.assert_problem(422, "unreadable-pdf");
    verify(&router, b"PDF").await.assert_problem(422, "not-a-pdf");
    let json = send(&router, "POST", "/v1/verifications", &[JSON], "{}").await;
    json.assert_problem(415, "unsupported-media-type");
    let count = archive.database.query("SELECT COUNT(*) AS n FROM signed_copies");
    let count: i64 = count.fetch_one().await.unwrap().get("n");
    assert_eq!(count, 0);
    let acts: Vec<String> = acts(&archive).await.into_iter().map(|(act, ..)| act).collect();
    assert_eq!(acts, ["filing_kept"]);
}

#[tokio::test]
async fn verifying_reveals_nothing_to_a_key_of_another_agency() {
    let served = test_server(UNBOUNDED).await;
    let all = bearer(&served.key("admin", None).await);
    let own = bearer(&served.key("read", Some("四川省民政厅")).await);
    let foreign = bearer(&served.key("read", Some("广元市民政局")).await);
    let headers = [("authorization", all.as_str()), JSON];
    assert_eq!(send(&served.router, "POST", "/v1/filings", &headers, letter()).await.status, 201);
    let verify = async |key: &str| {
        let headers = [("authorization", key), PDF];
        let path = "/v1/verifications";
        send(&served.router, "POST", path, &headers, LETTER.clone()).await.json()
    };
    let verdict = verify(&own).await;
    assert_eq!(
        (&verdict["derivation"]["kind"], &verdict["remake"]),
        (&json!("identical"), &Value::Null)
    );
    // What a stranger learns follows from the file alone, as for a filing that is not in the archive.
    let verdict = verify(&foreign).await;
    assert_eq!(verdict["filing"], Value::Null);
    assert_eq!(verdict["remake"]["outcome"], json!("remade"));
}
