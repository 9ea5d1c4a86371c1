//! Caches generated filings by the SHA-256 of the posted body and the fonts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::{Cache as QuickCache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::generate::typesetters::{AgencyTypesetter, Typesetters};
use crate::generate::{Generated, render};
use crate::render::error::RenderError;
use crate::render::typesetter::Typesetter;
use crate::validate::Accepted;

/// The typical length of a PDF, in bytes. Only used to size the hash table.
const TYPICAL_BYTES: u64 = 256 << 10;

/// The memory of a filing in addition to its PDF and its source: 公文要素, warnings and the table
/// entry. The rules limit all of them.
const OVERHEAD_BYTES: u64 = 4 << 10;

/// The SHA-256 of a body, in hexadecimal, after the name of the fonts: the same body is another filing
/// in the fonts of an agency.
type Key = String;

type Cache = QuickCache<Key, Arc<Generated>, ByBytes>;

/// Renders filings and caches them; shared by all threads.
#[derive(Debug, Clone)]
pub struct Generator {
    typesetters: Typesetters,
    // `None` if the cache is disabled.
    cache: Option<Arc<Cache>>,
    hits: Arc<AtomicU64>,
    misses: Arc<AtomicU64>,
}

/// The number of cache lookups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookups {
    /// Lookups that found a filing.
    pub hits: u64,
    /// Lookups that found none.
    pub misses: u64,
}

/// Weighs a filing by its memory.
#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Generated>> for ByBytes {
    fn weight(&self, _: &Key, generated: &Arc<Generated>) -> u64 {
        (generated.pdf.len() + generated.source.len()) as u64 + OVERHEAD_BYTES
    }
}

impl Generator {
    /// Caches up to `bytes` of filings; 0 disables the cache. Recently and frequently used filings
    /// stay cached.
    pub fn new(typesetter: Typesetter, bytes: u64) -> Self {
        Self {
            typesetters: Typesetters::new(typesetter),
            cache: (bytes > 0).then(|| Arc::new(new_cache(bytes))),
            hits: Arc::default(),
            misses: Arc::default(),
        }
    }

    /// The typesetters that render the filings.
    pub fn typesetters(&self) -> &Typesetters {
        &self.typesetters
    }

    /// Returns the cached filing of the body with this SHA-256 in these fonts, if any.
    pub fn cached(
        &self,
        typesetter: &AgencyTypesetter,
        body_sha256: &str,
    ) -> Option<Arc<Generated>> {
        let found = self.cache.as_ref()?.get(&key(typesetter, body_sha256));
        let count = if found.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// The number of cache lookups since the start.
    pub fn lookups(&self) -> Lookups {
        Lookups {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }

    /// The memory of the cached filings, in bytes.
    pub fn cached_bytes(&self) -> u64 {
        self.cache.as_ref().map_or(0, |cache| cache.weight())
    }

    /// Renders the filing of the body with this SHA-256 unless it is cached in these fonts. Concurrent
    /// requests for one body share one rendering.
    ///
    /// # Errors
    /// Returns `RenderError` if the filing cannot be typeset, which is a bug. Errors are not cached.
    pub fn render(
        &self,
        typesetter: &AgencyTypesetter,
        body_sha256: &str,
        accepted: Accepted,
    ) -> Result<Arc<Generated>, RenderError> {
        let render = || render(accepted, typesetter.typesetter()).map(Arc::new);
        match &self.cache {
            Some(cache) => cache.get_or_insert_with(&key(typesetter, body_sha256), render),
            None => render(),
        }
    }
}

fn key(typesetter: &AgencyTypesetter, body_sha256: &str) -> Key {
    format!("{}{body_sha256}", typesetter.fonts_name())
}

fn new_cache(bytes: u64) -> Cache {
    let typical_items = usize::try_from(bytes / TYPICAL_BYTES).unwrap_or(usize::MAX);
    let options = OptionsBuilder::new()
        // With several shards, each would get an equal part of the bytes, and longer filings could
        // not be cached. The only lock is held for nanoseconds.
        .shards(1)
        .estimated_items_capacity(typical_items.max(1))
        .weight_capacity(bytes)
        // The other half is for the most recent filings: a client that missed a response retries
        // soon.
        .hot_allocation(0.5)
        .build()
        .expect("both capacities are given");
    Cache::with_options(
        options,
        ByBytes,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    )
}
