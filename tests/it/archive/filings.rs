//! Filings over HTTP: posting, searching, reading, revising, and who may see them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hongtou::archive::Archive;
use hongtou::archive::access::caller::{Caller, Role, Roles};
use hongtou::archive::filings::search::{PageRequest, Search};
use hongtou::archive::id::Id;
use hongtou::archive::objects::sha256;
use hongtou::http::app::App;
use hongtou::http::router::router;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use sqlx::Row;

use crate::archive::services;
use crate::fixture;
use crate::http::access::{bearer, test_server};
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID, answer, app, post_to};

const AS_RECORD: (&str, &str) = ("accept", "application/json");
const PDF: (&str, &str) = ("content-type", "application/pdf");

/// A URL is ASCII and has no brackets in its query.
const ENCODED: &AsciiSet = &CONTROLS.add(b'[').add(b']');

/// A server with this archive.
pub(crate) async fn server(archive: &Archive) -> Router {
    router(Arc::new(App { archive: archive.clone(), ..app().await }))
}

pub(crate) async fn send(
    router: &Router,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(router.clone(), request.body(body.into()).unwrap()).await
}

pub(crate) async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(router, "GET", path, headers, "").await
}

pub(crate) async fn post(router: &Router, body: impl Into<Body>) -> Answer {
    post_to(router.clone(), "/v1/filings", &[JSON], body).await
}

/// Posts a filing and returns its record.
pub(crate) async fn filed(router: &Router, body: impl Into<Body>) -> Value {
    let answer = post_to(router.clone(), "/v1/filings", &[JSON, AS_RECORD], body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

pub(crate) fn address(record: &Value) -> String {
    format!("/v1/filings/{}", record["id"].as_str().unwrap())
}

/// The 发文字号 of the filings that a search finds, in order.
async fn numbers(router: &Router, query: &str) -> Vec<String> {
    let answer = get(router, &format!("/v1/filings?{query}"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", String::from_utf8_lossy(&answer.body));
    let found = answer.json();
    let filings = found["filings"].as_array().unwrap();
    filings.iter().map(|record| record["document_number"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn acts(archive: &Archive) -> Vec<(String, String, String)> {
    let rows = archive
        .database
        .query(
            "SELECT act, subject, request_id FROM audit_trail \
             WHERE act NOT IN ('file_read', 'evidence_kept') ORDER BY id",
        )
        .fetch_all()
        .await
        .unwrap();
    rows.iter().map(|row| (row.get("act"), row.get("subject"), row.get("request_id"))).collect()
}

#[tokio::test]
async fn a_posted_filing_can_be_read() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let posted = post(&router, VALID).await;
    assert_eq!(posted.status, StatusCode::CREATED);
    let location = posted.header("location").to_owned();

    let record = get(&router, &location, &[]).await;
    assert_eq!(record.status, StatusCode::OK);
    assert_eq!(record.header("etag"), format!("\"{}\"", sha256(&record.body)));
    let record = record.json();
    assert_eq!(address(&record), location);
    assert_eq!(record["document_number"], json!("巴市民政〔2021〕38号"));
    assert_eq!(record["agency_code"], json!("巴市民政"));
    assert_eq!((&record["year"], &record["serial"]), (&json!(2021), &json!(38)));
    assert_eq!(record["revision"], json!(1));
    assert_eq!(record["issuers"], json!(["巴中市民政局", "巴中市财政局"]));
    assert_eq!(record["document_date"], json!("2021-12-22"));
    assert_eq!(record["sha256"], json!(sha256(&posted.body)));
    assert_eq!(record["bytes"], json!(posted.body.len()));
    assert_eq!(record["warnings"], json!([]));
    assert_eq!(record["signed"], Value::Null);

    let pdf = get(&router, &format!("{location}/pdf"), &[]).await;
    assert_eq!(pdf.status, StatusCode::OK);
    assert!(pdf.body == posted.body);
    assert_eq!(pdf.header("content-length"), posted.body.len().to_string());
    for name in ["etag", "content-type", "content-disposition"] {
        assert_eq!(pdf.header(name), posted.header(name), "{name}");
    }

    let source = get(&router, &format!("{location}/source"), &[]).await;
    assert_eq!(source.header("content-type"), "application/json");
    assert_eq!(record["source_sha256"], json!(sha256(&source.body)));
    assert_eq!(source.json(), serde_json::from_str::<Value>(VALID).unwrap());
    assert!(source.header("content-disposition").ends_with("38%E5%8F%B7.json"));

    let request_id = posted.header("x-request-id").to_owned();
    let id = record["id"].as_str().unwrap().to_owned();
    assert_eq!(acts(&archive).await, [("filing_kept".to_owned(), id, request_id)]);
}

#[tokio::test]
async fn equal_content_is_one_filing_and_other_content_is_a_revision() {
    let folder = services::folder();
    let archive = services::in_folder(&folder).await;
    let router = server(&archive).await;
    let first = filed(&router, VALID).await;
    // Equal JSON in other bytes.
    let same: Value = serde_json::from_str(VALID).unwrap();
    assert_eq!(filed(&router, same.to_string()).await, first);

    let revised = fixture::seed_with("/document/document_date", json!("2021-12-21"));
    let second = filed(&router, revised).await;
    assert_eq!((&second["revision"], &second["serial"]), (&json!(2), &json!(38)));
    assert_ne!(second["id"], first["id"]);

    let restarted = server(&services::in_folder(&folder).await).await;
    assert_eq!(filed(&restarted, VALID).await, first);
    let found = numbers(&restarted, "").await;
    assert_eq!(found, ["巴市民政〔2021〕38号", "巴市民政〔2021〕38号"]);
    let acts: Vec<String> = acts(&archive).await.into_iter().map(|(act, ..)| act).collect();
    assert_eq!(acts, ["filing_kept", "filing_revised"]);
}

#[tokio::test]
async fn two_lead_agencies_may_use_the_same_number() {
    let router = server(&services::empty().await).await;
    let ours = fixture::seed();
    let mut theirs = ours.clone();
    for pointer in ["/document/issuers", "/document/sign_off"] {
        theirs.pointer_mut(pointer).unwrap().as_array_mut().unwrap().reverse();
    }
    theirs["document"]["signatories"].as_array_mut().unwrap().reverse();
    let title = "巴中市财政局 巴中市民政局关于报送2021年度困难群众救助工作绩效评价自评情况的报告";
    theirs["document"]["title"] = json!(title);
    let ours = filed(&router, ours.to_string()).await;
    let theirs = filed(&router, theirs.to_string()).await;
    assert_eq!(ours["document_number"], theirs["document_number"]);
    assert_eq!((&ours["revision"], &theirs["revision"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn each_condition_finds_its_filings() {
    let router = server(&services::empty().await).await;
    let names = ["letter-2023-46", "letter-joint-2022-115", "minutes-2023-5", "notice-four-levels"];
    for name in names {
        filed(&router, fixture::bytes("valid", name)).await;
    }
    let [letter, joint, minutes, notice] =
        ["川民函〔2023〕46号", "川民函〔2022〕115号", "广民纪〔2023〕5号", "临民发〔2024〕17号"];
    let cases: [(&str, &[&str]); 19] = [
        ("", &[notice, minutes, joint, letter]),
        ("document_number=川民函〔2023〕46号", &[letter]),
        ("document_number=川民函[2023]46", &[letter]),
        ("document_number=川民函〔2023〕47号", &[]),
        ("agency_code=川民函", &[joint, letter]),
        ("agency_code=川民", &[]),
        ("year=2023", &[minutes, letter]),
        ("issuer=四川省财政厅", &[joint]),
        ("issuer=四川省", &[]),
        ("title=困难群众", &[joint]),
        ("title=第5次", &[minutes]),
        ("title=%25", &[]),
        ("title=_", &[]),
        ("title=%5C", &[]),
        ("date_from=2023-03-17", &[notice, minutes]),
        ("date_to=2023-03-15", &[joint, letter]),
        ("date_from=2023-03-15&date_to=2023-03-17", &[minutes, letter]),
        ("year=2023&agency_code=川民函", &[letter]),
        ("limit=1", &[notice]),
    ];
    for (query, expected) in cases {
        let query = utf8_percent_encode(query, ENCODED).to_string();
        assert_eq!(numbers(&router, &query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_search_continues_page_by_page() {
    let router = server(&services::empty().await).await;
    for serial in 1..=3 {
        filed(&router, fixture::seed_with("/document/document_number/serial", json!(serial))).await;
    }
    let first = get(&router, "/v1/filings?limit=2&year=2021", &[]).await;
    let next = first.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(first.header("link"), format!("<{next}>; rel=\"next\""));
    // A new filing does not shift the second page.
    filed(&router, fixture::seed_with("/document/document_number/serial", json!(4))).await;
    let second = get(&router, &next, &[]).await;
    assert_eq!((second.json()["next"].clone(), second.header("link")), (Value::Null, ""));
    let serials = |answer: &Answer| -> Vec<i64> {
        let found = answer.json();
        let filings = found["filings"].as_array().unwrap();
        filings.iter().map(|record| record["serial"].as_i64().unwrap()).collect()
    };
    assert_eq!((serials(&first), serials(&second)), (vec![3, 2], vec![1]));
}

#[tokio::test]
async fn an_invalid_query_is_refused() {
    let router = server(&services::empty().await).await;
    let queries = [
        "what=1",
        "year=2021&year=2022",
        "year=21",
        "year=%2B2021",
        "year=",
        "document_number=38",
        "title=",
        "title=%00",
        "issuer=%0A",
        "date_from=2021-2-3",
        "date_to=2021-02-30",
        "date_from=2022-01-02&date_to=2022-01-01",
        "limit=0",
        "limit=201",
        "limit=99999999999",
        "cursor=1",
    ];
    for query in queries {
        let answer = get(&router, &format!("/v1/filings?{query}"), &[]).await;
        answer.assert_problem(400, "invalid-query");
    }
}

#[tokio::test]
async fn an_unknown_id_is_not_found() {
    let router = server(&services::empty().await).await;
    let ids = ["0", "%00", "%FF", "00000000-0000-7000-8000-000000000000", "..%2F..", "a%2Fpdf"];
    for id in ids {
        for file in ["", "/pdf", "/source", "/signed"] {
            let answer = get(&router, &format!("/v1/filings/{id}{file}"), &[]).await;
            answer.assert_problem(404, "not-found");
        }
    }
    let put = send(&router, "PUT", "/v1/filings/0/signed", &[PDF], "%PDF-").await;
    put.assert_problem(404, "not-found");
}

/// A caller of an agency.
fn of_agency(agency: &str) -> Caller {
    Caller { id: "k".to_owned(), roles: Roles::new([Role::Read]), agency: Some(agency.to_owned()) }
}

#[tokio::test]
async fn a_caller_sees_only_the_filings_of_its_agency() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let mut ids = Vec::new();
    for name in ["letter-2023-46", "letter-joint-2022-115", "minutes-2023-5"] {
        let record = filed(&router, fixture::bytes("valid", name)).await;
        ids.push(record["id"].as_str().unwrap().to_owned());
    }
    let cases: [(&str, &[usize]); 4] = [
        ("四川省民政厅", &[1, 0]),
        ("四川省财政厅", &[1]),
        ("广元市民政局", &[2]),
        ("四川省", &[]),
    ];
    let page_request = PageRequest { after: None, limit: 50 };
    for (agency, visible) in cases {
        let caller = of_agency(agency);
        let page = archive.search(&caller, &Search::default(), &page_request).await.unwrap();
        let found: Vec<&str> = page.filings.iter().map(|filing| filing.id.as_str()).collect();
        let expected: Vec<&str> = visible.iter().map(|index| ids[*index].as_str()).collect();
        assert_eq!(found, expected, "{agency}");
        for (index, id) in ids.iter().enumerate() {
            let filing = archive.filing(&caller, &Id::parse(id).unwrap()).await.unwrap();
            assert_eq!(filing.is_some(), visible.contains(&index), "{agency} {id}");
        }
        let other = Search { issuer: Some("广元市民政局".to_owned()), ..Search::default() };
        let page = archive.search(&caller, &other, &page_request).await.unwrap();
        assert_eq!(page.filings.len(), usize::from(agency == "广元市民政局"), "{agency}");
    }
}

#[tokio::test]
async fn a_key_of_one_agency_cannot_access_filings_of_another() {
    let served = test_server(UNBOUNDED).await;
    let all = bearer(&served.key("admin", None).await);
    let roles = "submit,read,archive";
    let co_issuer = bearer(&served.key(roles, Some("四川省财政厅")).await);
    let ask = async |who: &str, method: &str, path: &str, kind: (&str, &str), body: Vec<u8>| {
        let headers = [("authorization", who), kind, AS_RECORD, ("idempotency-key", "k")];
        send(&served.router, method, path, &headers, body).await
    };
    let [alone, joint] =
        ["letter-2023-46", "letter-joint-2022-115"].map(|name| fixture::bytes("valid", name));
    let first = ask(&all, "POST", "/v1/filings", JSON, alone.clone()).await.json();
    let headers = [("authorization", all.as_str()), JSON, AS_RECORD];
    let second = send(&served.router, "POST", "/v1/filings", &headers, joint.clone()).await.json();

    let found = ask(&co_issuer, "GET", "/v1/filings", JSON, Vec::new()).await.json();
    assert_eq!(found["filings"], json!([second]));
    for file in ["", "/pdf", "/source", "/signed"] {
        let path = format!("{}{file}", address(&first));
        let answer = ask(&co_issuer, "GET", &path, JSON, Vec::new()).await;
        answer.assert_problem(404, "not-found");
    }
    let read = ask(&co_issuer, "GET", &address(&second), JSON, Vec::new()).await;
    assert_eq!(read.json(), second);
    // Only the lead agency may post content and signed copies. An idempotency key that another caller
    // has used reveals nothing.
    for body in [&alone, &joint] {
        let answer = ask(&co_issuer, "POST", "/v1/filings", JSON, body.clone()).await;
        answer.assert_problem(403, "not-your-agency");
    }
    for (record, status, name) in [(&first, 404, "not-found"), (&second, 403, "not-your-agency")] {
        let path = format!("{}/signed", address(record));
        let answer = ask(&co_issuer, "PUT", &path, PDF, b"%PDF-1.7".to_vec()).await;
        answer.assert_problem(status, name);
    }
}
