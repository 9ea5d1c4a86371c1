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
    /// Makes filings.
    pub generator: Generator,
    /// Keeps them.
    pub archive: Archive,
    /// Says who may ask.
    pub access: Access,
    /// Takes and knows batches.
    pub jobs: Jobs,
    /// Bounds what bodies hold, of renderings and checks alike.
    pub bodies: Bodies,
    /// Bounds what signed copies hold on their way to the archive.
    pub signed: Bodies,
    /// Bounds renderings.
    pub renders: Permits,
    /// Bounds checks, apart from renderings: a check is short and must not wait behind them.
    pub checks: Permits,
    /// Bounds previews, apart from renderings too: whoever types must not wait behind a batch.
    pub previews: Permits,
    /// Bounds verdicts on PDFs handed in, apart from renderings: those files come from anywhere.
    pub verdicts: Permits,
    /// What signatures are judged by.
    pub trust: Arc<Trust>,
    /// Counts what happens.
    pub metrics: Metrics,
    /// The pages from elsewhere that may call the interface.
    pub origins: Vec<Origin>,
}
