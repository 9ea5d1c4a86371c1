//! The metrics of the server (OpenMetrics).

use std::fmt;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The buckets of durations, in milliseconds: from a check to a filing that waits in a full queue.
const BUCKETS_MS: [u32; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 30_000];

/// The names and values of the labels.
type Labels<const N: usize> = [(&'static str, String); N];
type Durations<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// How long each phase of a filing takes, recorded by the tracing spans of the phases.
#[derive(Clone)]
pub struct Phases(Durations<1>);

/// The metrics since the server started.
pub struct Metrics {
    pub(crate) registry: Registry,
    pub(crate) requests: Family<Labels<3>, Counter>,
    pub(crate) durations: Durations<2>,
    pub(crate) running: Family<Labels<1>, Gauge>,
    pub(crate) permits: Family<Labels<1>, Gauge>,
    pub(crate) waiting: Family<Labels<1>, Gauge>,
    pub(crate) backlog: Family<Labels<1>, Gauge>,
    pub(crate) stored_filings: Gauge,
    pub(crate) stored_bytes: Gauge,
    pub(crate) cache: Family<Labels<1>, Counter>,
    pub(crate) cache_bytes: Gauge,
    pub(crate) resident_bytes: Gauge,
    pub(crate) fixity: Fixity,
    pub(crate) log: Log,
}

/// How far the log is.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) waiting: Gauge,
    pub(crate) entries: Gauge,
    pub(crate) signed_at: Gauge,
}

/// What the checks of all objects found.
#[derive(Default)]
pub(crate) struct Fixity {
    pub(crate) findings: Family<Labels<1>, Gauge>,
    pub(crate) finished_at: Gauge,
    pub(crate) parts: Gauge,
}

impl Default for Phases {
    fn default() -> Self {
        Self(Family::new_with_constructor(histogram))
    }
}

impl Phases {
    /// Records the duration of a phase.
    pub fn record(&self, phase: &'static str, duration: Duration) {
        self.0.get_or_create(&[("phase", phase.to_owned())]).observe(duration.as_secs_f64());
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS_MS.map(|ms| Duration::from_millis(ms.into()).as_secs_f64()))
}

impl Metrics {
    /// Creates metrics at zero. `phases` is recorded by its own owner.
    pub fn new(phases: &Phases) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("hongtou"),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            running: Family::default(),
            permits: Family::default(),
            waiting: Family::default(),
            backlog: Family::default(),
            stored_filings: Gauge::default(),
            stored_bytes: Gauge::default(),
            cache: Family::default(),
            cache_bytes: Gauge::default(),
            resident_bytes: Gauge::default(),
            fixity: Fixity::default(),
            log: Log::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests by status", metrics.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time from a request to the head of its response",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register_with_unit(
            "phase_duration",
            "Time that each phase of a filing took",
            Unit::Seconds,
            phases.0.clone(),
        );
        registry.register("permits_in_use", "Permits in use", metrics.running.clone());
        registry.register("permits", "Permits in total", metrics.permits.clone());
        registry.register(
            "queue_length",
            "Requests that wait for a permit",
            metrics.waiting.clone(),
        );
        registry.register(
            "backlog",
            "Entries of the job queue, of all servers; absent if the database is unavailable",
            metrics.backlog.clone(),
        );
        registry.register("cache_lookups", "Lookups in the cache", metrics.cache.clone());
        registry.register_with_unit(
            "cache_size",
            "Memory used by the cache",
            Unit::Bytes,
            metrics.cache_bytes.clone(),
        );
        registry.register_with_unit(
            "resident_memory",
            "Resident memory of the process",
            Unit::Bytes,
            metrics.resident_bytes.clone(),
        );
        metrics.fixity.register(registry);
        metrics.log.register(registry);
        metrics.register_stored();
        metrics
    }

    /// Registers what the archive holds.
    fn register_stored(&mut self) {
        self.registry.register(
            "stored_filings",
            "Filings in the archive, with all revisions",
            self.stored_filings.clone(),
        );
        self.registry.register_with_unit(
            "stored_files",
            "Size of the sources, PDFs, signed copies and verdicts in the archive",
            Unit::Bytes,
            self.stored_bytes.clone(),
        );
    }
}

impl Fixity {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "fixity_findings",
            "What the last check of all objects found, by kind",
            self.findings.clone(),
        );
        registry.register_with_unit(
            "fixity_finished_timestamp",
            "When the last check of all objects was finished; 0 before the first",
            Unit::Seconds,
            self.finished_at.clone(),
        );
        registry.register(
            "fixity_parts_checked",
            "Parts of 256 that the running check has read; 256 if none is running",
            self.parts.clone(),
        );
    }
}

impl Log {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "log_entries_waiting",
            "Acts that have no number in the log yet",
            self.waiting.clone(),
        );
        registry.register(
            "log_entries",
            "Entries of the log under its last checkpoint",
            self.entries.clone(),
        );
        registry.register_with_unit(
            "log_checkpoint_timestamp",
            "When the last checkpoint of the log was signed; 0 before the first",
            Unit::Seconds,
            self.signed_at.clone(),
        );
    }
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
