//! HTTP in process: status codes and bodies of filings, checks and errors.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use hongtou::archive::access::keys::Token;
use hongtou::generate::cache::Generator;
use hongtou::generate::permits::{Limits, Permits};
use hongtou::generate::renderer::kept_builds::KeptBuilds;
use hongtou::generate::room::Room;
use hongtou::http::access::limits::CallerLimits;
use hongtou::http::access::policy::Access;
use hongtou::http::app::App;
use hongtou::http::batches::events::FOLLOWERS;
use hongtou::http::filings::search::SEARCHES;
use hongtou::http::filings::signed_copy::PDF_MEMORY;
use hongtou::http::operations::metrics::{Metrics, Phases};
use hongtou::http::request::bodies::{BODY_MEMORY, Bodies};
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::Settings;
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::archive::services;
use crate::http::contract;

pub(crate) const VALID: &str = include_str!("../../../fixtures/valid/bazhong-2021-38.json");
pub(crate) const LIMITS: Limits = Limits {
    concurrency: NonZeroUsize::new(2).unwrap(),
    queue: 512,
    queue_deadline: Duration::from_secs(120),
    run_deadline: Duration::from_secs(60),
};
pub(crate) const UNBOUNDED: CallerLimits = CallerLimits { per_minute: None, concurrent: None };
pub(crate) static TYPESETTER: LazyLock<Typesetter> =
    LazyLock::new(|| Typesetter::new(FontSet::bundled()));

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Asserts that this is a problem (RFC 9457) with this status and name.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, name: &str) {
        let body = self.json();
        assert_eq!(self.status.as_u16(), status, "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(body["status"], json!(status));
        assert_eq!(body["type"], json!(format!("/problems/{name}")));
        assert_eq!(body["request_id"], json!(self.header("x-request-id")));
        for member in ["title", "detail"] {
            let text = body[member].as_str().unwrap();
            assert!(
                text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)),
                "{member}: {text}"
            );
        }
    }
}

/// The local token of the servers in process.
pub(crate) static LOCAL_TOKEN: LazyLock<Token> = LazyLock::new(Token::random_local);

/// Marks a request that must be sent without credentials.
#[derive(Debug, Clone)]
pub(crate) struct Anonymous;

/// Access with these limits and the local token.
pub(crate) fn access(limits: CallerLimits) -> Access {
    let mut access = Access::new(limits, None, None);
    access.local_token = Some(LOCAL_TOKEN.clone());
    access
}

/// A new app with an empty archive.
pub(crate) async fn app() -> App {
    let archive = services::empty().await;
    App {
        generator: Generator::new(TYPESETTER.clone(), 0),
        access: access(UNBOUNDED),
        jobs: Jobs::open(&archive, Settings::default()).await.unwrap(),
        archive,
        bodies: Bodies::new(BODY_MEMORY),
        pdf_uploads: Bodies::new(PDF_MEMORY),
        searches: Room::new(SEARCHES),
        followers: Room::new(FOLLOWERS),
        renders: Permits::new(LIMITS),
        checks: Permits::new(LIMITS),
        previews: Permits::new(LIMITS),
        verdicts: Permits::new(LIMITS),
        builds: KeptBuilds::default(),
        trust: Arc::default(),
        metrics: Metrics::new(&Phases::default()),
        origins: Vec::new(),
    }
}

/// Sends a request, from this machine unless it has another address and with the local token unless
/// it has other credentials or is `Anonymous`, and checks the response against the contract.
pub(crate) async fn answer(router: Router, mut request: Request<Body>) -> Answer {
    let here = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000)));
    request.extensions_mut().get_or_insert_with(|| here);
    let has_credentials = request.headers().contains_key(header::AUTHORIZATION)
        || request.headers().contains_key(header::COOKIE);
    if !has_credentials && request.extensions().get::<Anonymous>().is_none() {
        let local = format!("Bearer {}", LOCAL_TOKEN.reveal());
        request.headers_mut().insert(header::AUTHORIZATION, local.parse().unwrap());
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let answer = Answer { status: parts.status, headers: parts.headers, body };
    contract::assert_conforms(&method, &path, &answer);
    answer
}

pub(crate) async fn get(path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap();
    answer(router(Arc::new(app().await)), request).await
}

async fn post(path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    post_to(router(Arc::new(app().await)), path, headers, body).await
}

pub(crate) async fn post_to(
    router: Router,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(router, request.body(body.into()).unwrap()).await
}

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

/// The seed filing with a wrong total.
fn wrong_total() -> String {
    let mut filing: Value = serde_json::from_str(VALID).unwrap();
    filing["scores"]["total"]["self_score"] = json!("109");
    filing.to_string()
}

#[tokio::test]
async fn a_valid_filing_returns_its_pdf() {
    let answer = post("/v1/filings", &[JSON], VALID).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.body.starts_with(b"%PDF-"));
    let sha256 = hex::encode(Sha256::digest(&answer.body));
    assert_eq!(answer.header("etag"), format!("\"{sha256}\""));
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"filing-2021-38.pdf\"; filename*=UTF-8''\
         %E5%B7%B4%E5%B8%82%E6%B0%91%E6%94%BF%E3%80%942021%E3%80%9538%E5%8F%B7.pdf"
    );
    assert_eq!(answer.header("hongtou-warnings"), "0");
    assert_eq!(answer.header("vary"), "Accept");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_valid_filing_returns_its_record_if_json_is_accepted() {
    let pdf = post("/v1/filings", &[JSON], VALID).await;
    let record = post("/v1/filings", &[JSON, ("accept", "application/json")], VALID).await;
    assert_eq!(record.status, StatusCode::CREATED);
    assert_eq!(record.header("content-type"), "application/json");
    let body = record.json();
    assert_eq!(body["document_number"], json!("巴市民政〔2021〕38号"));
    assert_eq!(
        body["title"],
        json!("巴中市民政局 巴中市财政局关于报送2021年度困难群众救助工作绩效评价自评情况的报告")
    );
    assert_eq!(format!("\"{}\"", body["sha256"].as_str().unwrap()), pdf.header("etag"));
    assert_eq!(body["bytes"], json!(pdf.body.len()));
    assert!(body["pages"].as_u64().unwrap() > 1);
    assert_eq!(body["warnings"], json!([]));
}

#[tokio::test]
async fn a_refused_filing_lists_every_violation() {
    let answer = post("/v1/filings", &[JSON], wrong_total()).await;
    answer.assert_problem(422, "refused");
    let errors = answer.json()["errors"].clone();
    let sum = errors.as_array().unwrap().iter().find(|error| error["code"] == "sum_mismatch");
    let sum = sum.unwrap_or_else(|| panic!("{errors}"));
    assert_eq!(sum["pointer"], json!("/scores/total/self_score"));
}

#[tokio::test]
async fn a_check_finds_the_same_errors_as_a_post() {
    let valid = post("/v1/checks", &[JSON], VALID).await;
    assert_eq!(valid.status, StatusCode::OK);
    assert_eq!(valid.json(), json!({"valid": true, "errors": [], "warnings": []}));

    let refused = post("/v1/checks", &[JSON], wrong_total()).await;
    assert_eq!(refused.status, StatusCode::OK);
    assert_eq!(refused.json()["valid"], json!(false));
    let posted = post("/v1/filings", &[JSON], wrong_total()).await;
    assert_eq!(refused.json()["errors"], posted.json()["errors"]);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_unreadable() {
    let bodies: [&[u8]; 4] = [b"", b"{", b"{\"title\": \"\xFF\xFE\"}", b"[1,]"];
    for path in ["/v1/filings", "/v1/checks"] {
        for body in bodies {
            let answer = post(path, &[JSON], body).await;
            answer.assert_problem(400, "unreadable-json");
            assert!(answer.json()["detail"].as_str().unwrap().starts_with("第1行"));
        }
    }
}

#[tokio::test]
async fn json_of_another_shape_is_refused() {
    post("/v1/filings", &[JSON], "[]").await.assert_problem(422, "refused");
}

#[tokio::test]
async fn only_json_in_utf8_is_accepted() {
    let refused = [
        None,
        Some("text/plain"),
        Some("application/pdf"),
        Some("application/jsonx"),
        Some("application/json; charset=gbk"),
    ];
    for content_type in refused {
        let headers: Vec<_> =
            content_type.map(|value| ("content-type", value)).into_iter().collect();
        post("/v1/checks", &headers, "{}").await.assert_problem(415, "unsupported-media-type");
    }
    let zipped = [JSON, ("content-encoding", "gzip")];
    post("/v1/checks", &zipped, "{}").await.assert_problem(415, "unsupported-media-type");

    for content_type in ["application/json; charset=UTF-8", "application/vnd.filing+json"] {
        let answer = post("/v1/checks", &[("content-type", content_type)], "{}").await;
        assert_eq!(answer.status, StatusCode::OK, "{content_type}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_with_and_without_content_length() {
    let body = " ".repeat((8 << 20) + 1);
    let announced = [JSON, ("content-length", "8388609")];
    post("/v1/filings", &announced, body.clone()).await.assert_problem(413, "body-too-long");
    post("/v1/filings", &[JSON], body.clone()).await.assert_problem(413, "body-too-long");
    let at_limit = body[1..].to_owned();
    post("/v1/checks", &[JSON], at_limit).await.assert_problem(400, "unreadable-json");
}

#[tokio::test]
async fn an_unsupported_accept_header_is_refused() {
    let headers = [JSON, ("accept", "text/html")];
    post("/v1/filings", &headers, VALID).await.assert_problem(406, "not-acceptable");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    post("/v1/nothing", &[JSON], "{}").await.assert_problem(404, "not-found");

    let answer = get("/v1/checks").await;
    answer.assert_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn health_is_json() {
    let answer = get("/healthz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), json!({"status": "ok"}));
}

#[tokio::test]
async fn a_plain_request_id_is_accepted_and_any_other_replaced() {
    let kept = post("/v1/nothing", &[("x-request-id", "case-7.a_B")], "").await;
    assert_eq!(kept.json()["request_id"], json!("case-7.a_B"));
    let long = "a".repeat(65);
    for id in ["", "two words", "a=b", &long] {
        let replaced = post("/v1/nothing", &[("x-request-id", id)], "").await;
        assert_eq!(replaced.header("x-request-id").len(), 36);
        replaced.assert_problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_content_length_of_a_problem_is_correct() {
    // The length of the empty body before it would truncate the problem on a real connection.
    let answer = post("/v1/nothing", &[], "").await;
    let length = answer.headers.get(header::CONTENT_LENGTH);
    assert!(length.is_none_or(|length| length.to_str().unwrap() == answer.body.len().to_string()));
}
