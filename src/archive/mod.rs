//! The archive: stored files (objects) and the database records that refer to them.

pub mod error;
pub mod clock;
pub mod id;
pub mod objects;
mod named_objects;
pub mod collect;
pub mod quota;
pub mod usage;
pub mod idempotency;
pub mod access;
pub mod filings;
pub mod drafts;
pub mod audit;
pub mod log;
pub mod witness;
pub mod transfer;
pub mod renderers;
pub mod fixity;
pub mod retention;
pub mod package;
pub mod database;

use std::sync::{Arc, Mutex};

use uuid::{ContextV7, Timestamp, Uuid};

use crate::archive::clock::Clock;
use crate::archive::database::Database;
use crate::archive::objects::Objects;
use crate::archive::quota::Quotas;
use crate::archive::renderers::{OwnRenderer, Renderer};
use crate::document::moment::Moment;

/// The archive; shared by all threads. An object is written before the record that refers to it.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The records.
    pub database: Database,
    /// The files.
    pub objects: Objects,
    clock: Arc<dyn Clock>,
    ids: Arc<Mutex<ContextV7>>,
    quotas: Quotas,
    renderer: Option<Arc<OwnRenderer>>,
}

impl Archive {
    /// Creates an archive from its parts.
    pub fn new(database: Database, objects: Objects, clock: Arc<dyn Clock>) -> Self {
        let ids = Arc::default();
        Self { database, objects, clock, ids, quotas: Quotas::default(), renderer: None }
    }

    /// The same archive, in which new filings name this renderer.
    #[must_use]
    pub fn with_renderer(self, renderer: Renderer) -> Self {
        Self { renderer: Some(Arc::new(OwnRenderer::new(renderer))), ..self }
    }

    /// The same archive, in which new filings name another renderer, or none.
    #[must_use]
    pub fn naming_renderer(&self, renderer: Option<Arc<OwnRenderer>>) -> Self {
        Self { renderer, ..self.clone() }
    }

    /// The renderer that new filings name.
    pub fn renderer(&self) -> Option<&Arc<OwnRenderer>> {
        self.renderer.as_ref()
    }

    /// The current time.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A new id. Ids sort by time and, within one millisecond of one server, in the order in which they
    /// were made, so that the log lists acts in that order.
    pub fn new_id(&self) -> String {
        let Moment(ms) = self.now();
        let ms = u64::try_from(ms).unwrap_or_default();
        let nanoseconds = u32::try_from(ms % 1000 * 1_000_000).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&*self.ids, ms / 1000, nanoseconds)).to_string()
    }
}
