//! Bounds how much work runs off the async threads, how much waits for it, and how long.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use crate::render::worker_thread::{NoThread, WorkerThread};

/// The bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many run at once.
    pub at_once: NonZeroUsize,
    /// How many more may wait; the next is turned away at once.
    pub queue: usize,
    /// How long one may wait for its turn.
    pub queue_deadline: Duration,
    /// How long a caller waits for work that runs.
    pub run_deadline: Duration,
}

/// Permits to run, and places to wait for one.
#[derive(Debug)]
pub struct Permits {
    running: Arc<Semaphore>,
    // Idle threads, never more than there are permits.
    idle_threads: Arc<Mutex<Vec<WorkerThread>>>,
    places: Semaphore,
    limits: Limits,
}

/// Why work has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Every permit and every place in the queue is taken.
    #[error("the queue is full")]
    QueueFull,
    /// No permit came free in time.
    #[error("no permit came free before the queue deadline")]
    QueueDeadline,
    /// The work did not end in time.
    #[error("the work did not end before its deadline")]
    RunDeadline,
    /// The system has no thread to run it on.
    #[error("no thread can be started")]
    NoThread,
    /// The work panicked.
    #[error("the work panicked")]
    Panicked,
}

/// A thread that returns to the idle ones when dropped.
struct PooledThread {
    idle_threads: Arc<Mutex<Vec<WorkerThread>>>,
    // Always `Some` until `drop` takes it.
    worker: Option<WorkerThread>,
}

impl Permits {
    /// Permits within these bounds.
    pub fn new(limits: Limits) -> Self {
        Self {
            running: Arc::new(Semaphore::new(limits.at_once.get())),
            idle_threads: Arc::default(),
            places: Semaphore::new(limits.queue),
            limits,
        }
    }

    /// Runs work on a thread of its own once a permit is free.
    ///
    /// # Errors
    /// A full queue, a deadline that passed, or a panic in the work.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, RunError> {
        let permit = self.permit().await?;
        let idle_threads = Arc::clone(&self.idle_threads);
        let span = Span::current();
        let thread = spawn_blocking(move || {
            // A thread cannot be stopped from outside, so the permit stays with it: past its
            // deadline it still uses a core, and a permit given back to early callers would let
            // slow work pile up beyond the bound.
            let _permit = permit;
            let worker = PooledThread::take(idle_threads)?;
            Ok(worker.run(move || span.in_scope(work)))
        });
        match timeout(self.limits.run_deadline, thread).await {
            Ok(Ok(result)) => result.map_err(|NoThread { .. }| RunError::NoThread),
            Ok(Err(_)) => Err(RunError::Panicked),
            Err(_) => Err(RunError::RunDeadline),
        }
    }

    /// How many run at once at the most.
    pub fn at_once(&self) -> usize {
        self.limits.at_once.get()
    }

    /// How many run now.
    pub fn in_use(&self) -> usize {
        self.at_once().saturating_sub(self.running.available_permits())
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.limits.queue.saturating_sub(self.places.available_permits())
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, RunError> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(permit);
        }
        // The place is given back when this function ends or its caller goes away.
        let _place = self.places.try_acquire().map_err(|_| RunError::QueueFull)?;
        match timeout(self.limits.queue_deadline, Arc::clone(&self.running).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed, so only the deadline leads here.
            _ => Err(RunError::QueueDeadline),
        }
    }
}

impl PooledThread {
    /// Takes an idle thread or starts a new one. The caller must hold a permit.
    fn take(idle_threads: Arc<Mutex<Vec<WorkerThread>>>) -> Result<Self, NoThread> {
        let idle = idle_threads.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = idle.map_or_else(WorkerThread::start, Ok)?;
        Ok(Self { idle_threads, worker: Some(worker) })
    }

    fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.worker.as_ref().expect("only `drop` takes the worker").run(work)
    }
}

impl Drop for PooledThread {
    fn drop(&mut self) {
        self.idle_threads.lock().unwrap_or_else(PoisonError::into_inner).extend(self.worker.take());
    }
}
