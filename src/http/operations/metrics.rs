//! `GET /metrics`: what the server does, in numbers, as OpenMetrics has them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::generate::permits::Permits;
use crate::http::app::App;
use crate::http::operations::memory;
use crate::jobs::backlog::Backlog;

/// Upper bounds of durations, in seconds, from a check to a filing that waits in a full queue.
const SECONDS: [u32; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 30_000];

/// The name and the value of each label.
type Labels<const N: usize> = [(&'static str, String); N];
type Durations<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// How long each phase of a filing takes; filled by the spans of the phases, wherever they run.
#[derive(Clone)]
pub struct Phases(Durations<1>);

/// The counts since the server started.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    durations: Durations<2>,
    running: Family<Labels<1>, Gauge>,
    permits: Family<Labels<1>, Gauge>,
    waiting: Family<Labels<1>, Gauge>,
    backlog: Family<Labels<1>, Gauge>,
    cache: Family<Labels<1>, Counter>,
    cache_bytes: Gauge,
    resident_bytes: Gauge,
}

impl Default for Phases {
    fn default() -> Self {
        Self(Family::new_with_constructor(histogram))
    }
}

impl Phases {
    /// Notes that a phase took so long.
    pub fn note(&self, phase: &'static str, took: Duration) {
        self.0.get_or_create(&[("phase", phase.to_owned())]).observe(took.as_secs_f64());
    }
}

fn histogram() -> Histogram {
    Histogram::new(
        SECONDS.map(|thousandths| Duration::from_millis(thousandths.into()).as_secs_f64()),
    )
}

impl Metrics {
    /// Nothing counted as yet, but for the phases that are noted elsewhere.
    pub fn new(phases: &Phases) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("hongtou"),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            running: Family::default(),
            permits: Family::default(),
            waiting: Family::default(),
            backlog: Family::default(),
            cache: Family::default(),
            cache_bytes: Gauge::default(),
            resident_bytes: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time from a request to the head of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register_with_unit(
            "phase_duration",
            "Time that each phase of a filing took",
            Unit::Seconds,
            phases.0.clone(),
        );
        registry.register("permits_in_use", "Work that runs", metrics.running.clone());
        registry.register("permits", "Work that may run at once", metrics.permits.clone());
        registry.register("queue_length", "Work that waits for a permit", metrics.waiting.clone());
        registry.register(
            "backlog",
            "Work on the queue in the database, of all servers; missing while it cannot be asked",
            metrics.backlog.clone(),
        );
        registry.register("cache_lookups", "Bodies looked up in the cache", metrics.cache.clone());
        registry.register_with_unit(
            "cache_size",
            "Memory of the filings in the cache",
            Unit::Bytes,
            metrics.cache_bytes.clone(),
        );
        registry.register_with_unit(
            "resident_memory",
            "Resident memory of the process",
            Unit::Bytes,
            metrics.resident_bytes.clone(),
        );
        metrics
    }

    /// Counts what does not count itself: what is in use now.
    async fn look(&self, app: &App) {
        self.backlog.clear();
        if let Ok(backlog) = app.jobs.backlog().await {
            let Backlog { queued_batches, running_batches, lines, webhooks } = backlog;
            for (kind, count) in [
                ("queued_batches", queued_batches),
                ("running_batches", running_batches),
                ("lines", lines),
                ("webhooks", webhooks),
            ] {
                self.backlog.get_or_create(&[("kind", kind.to_owned())]).set(count);
            }
        }
        let kinds: [(&str, &Permits); 4] = [
            ("render", &app.renders),
            ("check", &app.checks),
            ("preview", &app.previews),
            ("verdict", &app.verdicts),
        ];
        for (kind, permits) in kinds {
            let label = [("kind", kind.to_owned())];
            self.running.get_or_create(&label).set(whole(permits.in_use()));
            self.permits.get_or_create(&label).set(whole(permits.at_once()));
            self.waiting.get_or_create(&label).set(whole(permits.waiting()));
        }
        let lookups = app.generator.lookups();
        for (result, count) in [("hit", lookups.hits), ("miss", lookups.misses)] {
            let counter = self.cache.get_or_create_owned(&[("result", result.to_owned())]);
            counter.inner().store(count, std::sync::atomic::Ordering::Relaxed);
        }
        self.cache_bytes.set(i64::try_from(app.generator.cached_bytes()).unwrap_or(i64::MAX));
        if let Some(bytes) = memory::resident_bytes() {
            self.resident_bytes.set(bytes);
        }
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The metrics of the server.
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
    app.metrics.look(&app).await;
    let mut text = String::new();
    // A `String` takes all that is written to it.
    let _ = encode(&mut text, &app.metrics.registry);
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media_type)], text).into_response()
}

/// Counts a request under its route, not its address, and its method where that is a usual one: the
/// number of series stays what the contract makes it, whatever clients send.
#[expect(clippy::disallowed_methods, reason = "measures how long an answer takes")]
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

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl fmt::Debug for Phases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phases")
    }
}
