//! What the handlers share.

use std::sync::Arc;

use crate::archive::Archive;
use crate::generate::cache::Generator;
use crate::generate::permits::Permits;
use crate::http::access::origin::Origin;
use crate::http::access::policy::Access;
use crate::http::operations::metrics::Metrics;
use crate::http::request::bodies::Bodies;
use crate::jobs::Jobs;
use crate::signature::x509::trust::Trust;

/// What the handlers share.
#[derive(Debug)]
pub struct App {
    /// Generates filings.
    pub generator: Generator,
    /// Stores them.
    pub archive: Archive,
    /// Decides who may call which route.
    pub access: Access,
    /// Accepts batches and reports on them.
    pub jobs: Jobs,
    /// Bounds what bodies hold, of renderings and checks alike.
    pub bodies: Bodies,
    /// Bounds what signed copies hold on their way to the archive.
    pub signed: Bodies,
    /// Limits renderings.
    pub renders: Permits,
    /// Limits checks, apart from renderings: a check is short and must not wait behind them.
    pub checks: Permits,
    /// Limits previews, apart from renderings, so that typing does not wait behind a batch.
    pub previews: Permits,
    /// Limits verifications, apart from renderings: their files come from anywhere.
    pub verdicts: Permits,
    /// The trusted certificates that signatures are validated with.
    pub trust: Arc<Trust>,
    /// The metrics.
    pub metrics: Metrics,
    /// The origins whose pages may call the interface (CORS).
    pub origins: Vec<Origin>,
}
