//! Routes and middleware for operation: readiness, metrics, compression, CORS and security headers.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::json;

use crate::archive::services;
use crate::http::batches::NDJSON;
use crate::http::in_process::{Answer, JSON, VALID, answer, app, get, post_to};

#[tokio::test]
async fn readiness_reports_each_part() {
    let ready = get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    let parts = json!({"ready": true, "database": "ready", "store": "ready", "fonts": "ready"});
    assert_eq!(ready.json(), parts);
}

#[tokio::test]
async fn readiness_reports_a_closed_database() {
    let archive = services::empty().await;
    archive.database.close().await;
    let app = App { archive, ..app().await };
    let request = Request::get("/readyz").body(Body::empty()).unwrap();
    let unready = answer(router(Arc::new(app)), request).await;
    assert_eq!(unready.status, StatusCode::SERVICE_UNAVAILABLE);
    let parts = json!({"ready": false, "database": "unready", "store": "ready", "fonts": "ready"});
    assert_eq!(unready.json(), parts);
}

/// The value of a series with these labels.
fn value(metrics: &str, series: &str) -> u64 {
    let line = metrics.lines().find(|line| line.starts_with(&format!("{series} ")));
    let line = line.unwrap_or_else(|| panic!("{series} is not in\n{metrics}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn metrics_are_labelled_by_route_and_not_by_path() {
    let app = Arc::new(app().await);
    let send = async |method: Method, path: &str| {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        answer(router(Arc::clone(&app)), request).await
    };
    for index in 0..20 {
        send(Method::GET, &format!("/nowhere/{index}")).await;
        send(Method::from_bytes(format!("M{index}").as_bytes()).unwrap(), "/healthz").await;
        send(Method::GET, &format!("/docs/{index}")).await;
    }
    post_to(router(Arc::clone(&app)), "/v1/checks", &[JSON], VALID).await;
    let metrics = send(Method::GET, "/metrics").await;
    assert_eq!(
        metrics.header("content-type"),
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = String::from_utf8(metrics.body).unwrap();
    let requests = |route: &str, method: &str, status: u16| {
        let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
        value(&text, &format!("hongtou_requests_total{{{labels}}}"))
    };
    assert_eq!(requests("none", "GET", 404), 20);
    assert_eq!(requests("/healthz", "other", 405), 20);
    assert_eq!(requests("/docs/{file}", "GET", 404), 20);
    assert_eq!(requests("/v1/checks", "POST", 200), 1);
    let posted = "route=\"/v1/checks\",method=\"POST\"";
    assert_eq!(value(&text, &format!("hongtou_request_duration_seconds_count{{{posted}}}")), 1);
    assert_eq!(value(&text, "hongtou_permits{kind=\"render\"}"), 2);
    for idle in ["permits_in_use{kind=\"render\"}", "queue_length{kind=\"preview\"}"] {
        assert_eq!(value(&text, &format!("hongtou_{idle}")), 0);
    }
    assert_eq!(value(&text, "hongtou_cache_lookups_total{result=\"hit\"}"), 0);
    assert!(value(&text, "hongtou_resident_memory_bytes") > 1 << 20);
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn metrics_report_the_backlog() {
    let app = Arc::new(app().await);
    let backlog = async || {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let metrics = answer(router(Arc::clone(&app)), request).await;
        let text = String::from_utf8(metrics.body).unwrap();
        ["queued_batches", "running_batches", "lines", "webhooks"]
            .map(|kind| value(&text, &format!("hongtou_backlog{{kind=\"{kind}\"}}")))
    };
    assert_eq!(backlog().await, [0; 4]);
    // No workers run in this test.
    for lines in ["{}\n{}\n{}\n", "{}\n"] {
        let posted = post_to(router(Arc::clone(&app)), "/v1/batches", &[NDJSON], lines).await;
        assert_eq!(posted.status, 202);
    }
    assert_eq!(backlog().await, [2, 0, 4, 0]);
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    answer(router(Arc::new(app().await)), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn long_texts_are_compressed_if_the_client_accepts_it() {
    let script = "/docs/page.js";
    let plain = get(script).await;
    let request = Request::get(script).header("accept-encoding", "gzip").body(Body::empty());
    let app = Arc::new(app().await);
    let zipped = answer(router(Arc::clone(&app)), request.unwrap()).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert!(zipped.body.len() < plain.body.len());
    let varies = plain.headers.get_all("vary").iter().any(|value| value == "accept-encoding");
    assert!(varies, "{:?}", plain.headers);

    // Short texts, PDFs and pictures are not compressed.
    let gzip = ("accept-encoding", "gzip");
    assert_eq!(get_with("/healthz", &[gzip]).await.header("content-encoding"), "");
    for path in ["/v1/filings", "/v1/previews"] {
        let file = post_to(router(Arc::clone(&app)), path, &[JSON, gzip], VALID).await;
        assert!(file.status.is_success());
        assert_eq!(file.header("content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn only_configured_origins_are_allowed_by_cors() {
    let origins = vec!["https://oa.example.cn".parse().unwrap()];
    let named = Arc::new(App { origins, ..app().await });
    let unnamed = Arc::new(app().await);
    for (app, origin, allowed) in [
        (&named, "https://oa.example.cn", "https://oa.example.cn"),
        (&named, "https://other.example.cn", ""),
        (&unnamed, "https://oa.example.cn", ""),
    ] {
        let headers = [JSON, ("origin", origin)];
        let checked = post_to(router(Arc::clone(app)), "/v1/checks", &headers, VALID).await;
        assert_eq!(checked.header("access-control-allow-origin"), allowed);
        assert_eq!(checked.header("access-control-allow-credentials"), "");
        // Those pages can read errors too.
        let refused = post_to(router(Arc::clone(app)), "/v1/checks", &headers, "{").await;
        assert_eq!(refused.header("access-control-allow-origin"), allowed);
    }
    let preflight = Request::options("/v1/filings")
        .header("origin", "https://oa.example.cn")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization, idempotency-key");
    let request = preflight.body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router(named), request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let allowed = response.headers()["access-control-allow-headers"].to_str().unwrap();
    assert!(allowed.contains("authorization") && allowed.contains("idempotency-key"), "{allowed}");
    assert!(response.headers().contains_key("x-request-id"));
}

#[test]
fn an_origin_is_only_scheme_host_and_port() {
    for origin in ["https://a.example", "http://localhost:5173", "https://[::1]:8443"] {
        assert!(origin.parse::<hongtou::http::access::origin::Origin>().is_ok(), "{origin}");
    }
    for other in ["a.example", "*", "null", "https://", "https://a.example/b", "ftp://a.example"] {
        assert!(other.parse::<hongtou::http::access::origin::Origin>().is_err(), "{other}");
    }
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    for path in ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/nowhere"] {
        let answer = get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}
