//! `GET /metrics`, and the middleware that counts requests.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;

use crate::archive::fixity::progress::PARTS;
use crate::archive::log::head::LogState;
use crate::document::moment::Moment;
use crate::generate::permits::Permits;
use crate::http::app::App;
use crate::http::operations::memory;
use crate::http::operations::metrics::Metrics;
use crate::jobs::backlog::Backlog;

/// Returns the metrics of the server.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "getMetrics",
    tag = "服务",
    summary = "运行指标",
    description = "供Prometheus采集的运行指标（OpenMetrics文本）；不含个人信息。",
    responses((
        status = 200,
        description = "指标",
        body = String,
        content_type = "application/openmetrics-text"
    ))
)]
pub async fn get(State(app): State<Arc<App>>) -> Response {
    update(&app.metrics, &app).await;
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = encode(&mut text, &app.metrics.registry);
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media_type)], text).into_response()
}

/// Counts a request by its route and method. Unknown routes and methods share one label, so clients
/// cannot add series.
#[expect(clippy::disallowed_methods, reason = "measures how long a response takes")]
pub async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = route.unwrap_or("none").to_owned();
    let method = match *request.method() {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE => {
            request.method().as_str().to_owned()
        }
        _ => "other".to_owned(),
    };
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let Metrics { requests, durations, .. } = &app.metrics;
    durations
        .get_or_create(&[("route", route.clone()), ("method", method.clone())])
        .observe(start.elapsed().as_secs_f64());
    requests.get_or_create(&[("route", route), ("method", method), ("status", status)]).inc();
    response
}

/// Sets the gauges that are read on demand.
async fn update(metrics: &Metrics, app: &App) {
    metrics.backlog.clear();
    if let Ok(backlog) = app.jobs.backlog().await {
        let Backlog { queued_batches, running_batches, lines, webhooks } = backlog;
        for (kind, count) in [
            ("queued_batches", queued_batches),
            ("running_batches", running_batches),
            ("lines", lines),
            ("webhooks", webhooks),
        ] {
            metrics.backlog.get_or_create(&[("kind", kind.to_owned())]).set(count);
        }
    }
    if let Ok(stored) = app.archive.usage_of_all().await {
        metrics.stored_filings.set(stored.filings);
        metrics.stored_bytes.set(stored.bytes);
    }
    if let Ok(state) = app.archive.fixity_state().await {
        metrics.fixity.findings.clear();
        for (kind, count) in state.findings {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            metrics.fixity.findings.get_or_create(&[("kind", kind.name().to_owned())]).set(count);
        }
        metrics.fixity.finished_at.set(state.finished_at.map_or(0, |Moment(ms)| ms / 1000));
        metrics.fixity.parts.set(state.parts.unwrap_or(PARTS).into());
    }
    if let Ok(LogState { waiting, published, signed_at: Moment(ms) }) =
        app.archive.log_state().await
    {
        metrics.log.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        metrics.log.entries.set(i64::try_from(published).unwrap_or(i64::MAX));
        metrics.log.signed_at.set(ms / 1000);
    }
    let kinds: [(&str, &Permits); 4] = [
        ("render", &app.renders),
        ("check", &app.checks),
        ("preview", &app.previews),
        ("verdict", &app.verdicts),
    ];
    for (kind, permits) in kinds {
        let label = [("kind", kind.to_owned())];
        metrics.running.get_or_create(&label).set(whole(permits.in_use()));
        metrics.permits.get_or_create(&label).set(whole(permits.concurrency()));
        metrics.waiting.get_or_create(&label).set(whole(permits.waiting()));
    }
    let lookups = app.generator.lookups();
    for (result, count) in [("hit", lookups.hits), ("miss", lookups.misses)] {
        let counter = metrics.cache.get_or_create_owned(&[("result", result.to_owned())]);
        counter.inner().store(count, std::sync::atomic::Ordering::Relaxed);
    }
    metrics.cache_bytes.set(i64::try_from(app.generator.cached_bytes()).unwrap_or(i64::MAX));
    if let Some(bytes) = memory::resident_bytes() {
        metrics.resident_bytes.set(bytes);
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
