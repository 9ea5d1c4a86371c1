//! Laid-out page numbers, cached for all filings of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use typst::layout::{FrameItem, Point};

/// What a page number draws, and where on its page.
pub(crate) type PageNumber = Vec<(Point, FrameItem)>;

/// Page numbers that were laid out together, in order.
pub(crate) type PageNumbers = Arc<Vec<PageNumber>>;

/// Which page numbers are laid out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Whether even pages are bound at the right (PG-15).
    pub mirrored: bool,
    /// The index of the chunk of numbers.
    pub chunk: usize,
}

/// The page numbers laid out so far.
#[derive(Debug, Default)]
pub(crate) struct PageNumberCache {
    chunks: Mutex<BTreeMap<Key, PageNumbers>>,
}

impl PageNumberCache {
    /// Returns the cached page numbers of a chunk.
    pub(crate) fn get(&self, key: Key) -> Option<PageNumbers> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    /// Stores the page numbers of a chunk unless another thread already has, and returns the stored
    /// ones.
    pub(crate) fn insert(&self, key: Key, numbers: Vec<PageNumber>) -> PageNumbers {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(chunks.entry(key).or_insert_with(|| Arc::new(numbers)))
    }
}
