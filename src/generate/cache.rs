//! Finished filings, kept for the client that posts the same again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use sha2::{Digest, Sha256};

use crate::generate::{GenerateError, Generated, generate};
use crate::render::typesetter::Typesetter;

/// About how long a filing's PDF is; it sizes the table of what is kept and nothing else.
const USUAL_BYTES: u64 = 256 << 10;

/// What a filing takes beside its PDF and its source: 公文要素, warnings and its place in the table,
/// all bounded by the rules.
const BESIDE_FILES: u64 = 4 << 10;

/// The SHA-256 of a body.
type Key = [u8; 32];

/// Generates filings and keeps some of them; shared by all threads.
#[derive(Debug, Clone)]
pub struct Generator {
    typesetter: Typesetter,
    // Nothing is kept without it.
    kept: Option<Arc<Kept>>,
    hits: Arc<AtomicU64>,
    misses: Arc<AtomicU64>,
}

/// How often a body was looked up before anything was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookups {
    /// Its filing was there.
    pub hits: u64,
    /// It was not.
    pub misses: u64,
}

type Kept = Cache<Key, Arc<Generated>, Bytes>;

/// Weighs a filing by the memory that it takes.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Key, Arc<Generated>> for Bytes {
    fn weight(&self, _: &Key, generated: &Arc<Generated>) -> u64 {
        (generated.pdf.len() + generated.source.len()) as u64 + BESIDE_FILES
    }
}

impl Generator {
    /// Sets with this typesetter, and keeps filings of so many bytes together, those of late and
    /// those asked for again; of 0 bytes, none.
    pub fn new(typesetter: Typesetter, bytes: u64) -> Self {
        Self {
            typesetter,
            kept: kept(bytes).map(Arc::new),
            hits: Arc::default(),
            misses: Arc::default(),
        }
    }

    /// What sets the filings in type.
    pub fn typesetter(&self) -> &Typesetter {
        &self.typesetter
    }

    /// The filing of a body that became one before, where it is kept.
    pub fn kept(&self, body: &[u8]) -> Option<Arc<Generated>> {
        let found = self.kept.as_ref()?.get(&key(body));
        let count = if found.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// How often a body was looked up.
    pub fn lookups(&self) -> Lookups {
        Lookups {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }

    /// The memory of what is kept, in bytes.
    pub fn kept_bytes(&self) -> u64 {
        self.kept.as_ref().map_or(0, |kept| kept.weight())
    }

    /// Turns a posted body into a finished filing, or gives the one it became before. Whoever asks
    /// for what another thread is making waits for that one. A body that is refused is not kept:
    /// it is judged in a fraction of the time.
    ///
    /// # Errors
    /// As `generate`.
    pub fn generate(&self, body: &[u8]) -> Result<Arc<Generated>, GenerateError> {
        let generate = || generate(body, &self.typesetter).map(Arc::new);
        match &self.kept {
            Some(kept) => kept.get_or_insert_with(&key(body), generate),
            None => generate(),
        }
    }
}

fn kept(bytes: u64) -> Option<Kept> {
    let usual = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
    let options = OptionsBuilder::new()
        // A shard has its share of the bytes and takes nothing longer; what one lock guards here
        // is a matter of nanoseconds.
        .shards(1)
        .estimated_items_capacity(usual.max(1))
        .weight_capacity(bytes)
        // Half is for what came last: whoever did not hear an answer posts again soon.
        .hot_allocation(0.5)
        .build()
        .expect("both capacities are given");
    (bytes > 0).then(|| {
        Cache::with_options(
            options,
            Bytes,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        )
    })
}

fn key(body: &[u8]) -> Key {
    Sha256::digest(body).into()
}
