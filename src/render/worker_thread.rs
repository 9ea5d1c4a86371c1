//! A thread that renders one filing at a time.

#[cfg(not(target_family = "wasm"))]
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// Stack size of a worker thread, as large as a main thread's: layout recurses into nested content.
pub const STACK: usize = 8 << 20;

/// A thread that renders one filing at a time, including the work that Typst would run in parallel.
///
/// Otherwise Typst would use one pool for all filings, where tasks of a slow filing delay those of a
/// quick one. If every core is busy with a filing of its own, running tasks in parallel gains nothing.
///
/// WebAssembly has no threads: there the work runs in the caller, and so do the tasks of Typst.
#[derive(Debug)]
pub struct WorkerThread(#[cfg(not(target_family = "wasm"))] ThreadPool);

/// No thread could be started.
#[derive(Debug, thiserror::Error)]
#[error("no thread can be started")]
pub struct NoThread {
    /// The system's error.
    #[cfg(not(target_family = "wasm"))]
    #[from]
    cause: ThreadPoolBuildError,
}

#[cfg(not(target_family = "wasm"))]
impl WorkerThread {
    /// Starts the thread.
    ///
    /// # Errors
    /// Fails if the system cannot start another thread. The caller may try again later.
    pub fn start() -> Result<Self, NoThread> {
        Ok(Self(ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build()?))
    }

    /// Runs work on the thread and waits for it. A panic in the work continues in the caller.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

#[cfg(target_family = "wasm")]
impl WorkerThread {
    /// Starts nothing.
    ///
    /// # Errors
    /// Never fails.
    pub fn start() -> Result<Self, NoThread> {
        Ok(Self())
    }

    /// Runs work in the caller.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        work()
    }
}
