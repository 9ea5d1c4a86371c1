//! A thread that one filing at a time has to itself.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// Layout recurses with the depth of a page; a thread has as much stack as a main thread has.
pub const STACK: usize = 8 << 20;

/// A thread that sets filings in type, and all that Typst would otherwise spread over a pool which
/// every filing shares: there the pieces of a slow filing would stand before those of a quick one,
/// and where each core has a filing of its own, handing pieces about gains nothing.
#[derive(Debug)]
pub struct Lane(ThreadPool);

/// No thread can be started.
#[derive(Debug, thiserror::Error)]
#[error("no thread can be started")]
pub struct NoThread {
    /// What the system says.
    #[from]
    cause: ThreadPoolBuildError,
}

impl Lane {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system has no more threads.
    pub fn new() -> Result<Self, NoThread> {
        Ok(Self(ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build()?))
    }

    /// Runs work on the thread and waits for it; a panic in it goes on here.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}
