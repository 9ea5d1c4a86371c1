//! The number of cores, the default for everything that runs in parallel.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// The number of cores; 1 if it is unknown.
pub fn cores() -> NonZeroUsize {
    available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
