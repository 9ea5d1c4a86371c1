//! The state that all handlers share.

use std::sync::Arc;

use crate::archive::Archive;
use crate::generate::cache::Generator;
use crate::generate::permits::Permits;
use crate::generate::renderer::kept_builds::KeptBuilds;
use crate::generate::room::Room;
use crate::http::access::origin::Origin;
use crate::http::access::policy::Access;
use crate::http::operations::metrics::Metrics;
use crate::http::request::bodies::Bodies;
use crate::jobs::Jobs;
use crate::signature::x509::trust::Trust;

/// The state that all handlers share.
#[derive(Debug)]
pub struct App {
    /// Generates and caches filings.
    pub generator: Generator,
    /// Stores filings, keys, sessions and the audit trail.
    pub archive: Archive,
    /// The state and settings of access control.
    pub access: Access,
    /// Accepts batches and reports on them.
    pub jobs: Jobs,
    /// Limits the memory of all JSON bodies together.
    pub bodies: Bodies,
    /// Limits the memory of all uploaded PDFs and fonts together.
    pub pdf_uploads: Bodies,
    /// Limits concurrent searches, which must leave connections to the database for everything else.
    pub searches: Room,
    /// Limits concurrent event streams.
    pub followers: Room,
    /// Limits concurrent renderings.
    pub renders: Permits,
    /// Limits concurrent checks, separately: a check is short and must not wait behind renderings.
    pub checks: Permits,
    /// Limits concurrent previews, separately, so that an editor does not wait behind a batch.
    pub previews: Permits,
    /// Limits concurrent verifications, separately: their files are untrusted and may be slow.
    pub verdicts: Permits,
    /// Kept builds of the program, for files that this one does not remake.
    pub builds: KeptBuilds,
    /// The trusted certificates for the validation of signatures.
    pub trust: Arc<Trust>,
    /// The metrics.
    pub metrics: Metrics,
    /// The origins whose pages may call the interface (CORS).
    pub origins: Vec<Origin>,
}
