//! Limits how many tasks run off the async threads, how many wait, and for how long.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use crate::render::worker_thread::{NoThread, WorkerThread};

/// The limits of one kind of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many tasks run concurrently.
    pub concurrency: NonZeroUsize,
    /// How many more tasks may wait. Further ones are rejected immediately.
    pub queue: usize,
    /// How long a task may wait for a permit.
    pub queue_deadline: Duration,
    /// How long a caller waits for a running task.
    pub run_deadline: Duration,
}

/// Permits to run tasks, and the queue for them.
#[derive(Debug)]
pub struct Permits {
    running: Arc<Semaphore>,
    // Never more threads than permits.
    idle_threads: Arc<Mutex<Vec<WorkerThread>>>,
    queue_slots: Semaphore,
    limits: Limits,
}

/// Why a task has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// All permits are taken, and the queue is full.
    #[error("the queue is full")]
    QueueFull,
    /// No permit was available in time.
    #[error("no permit was available before the queue deadline")]
    QueueDeadline,
    /// The task did not finish in time.
    #[error("the task did not finish before its deadline")]
    RunDeadline,
    /// The system cannot start another thread.
    #[error("no thread can be started")]
    NoThread,
    /// The task panicked.
    #[error("the task panicked")]
    Panicked,
}

/// A thread that returns to the idle threads when dropped.
struct PooledThread {
    idle_threads: Arc<Mutex<Vec<WorkerThread>>>,
    // Always `Some` until `drop` takes it.
    worker: Option<WorkerThread>,
}

impl Permits {
    /// Creates permits with these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            running: Arc::new(Semaphore::new(limits.concurrency.get())),
            idle_threads: Arc::default(),
            queue_slots: Semaphore::new(limits.queue),
            limits,
        }
    }

    /// Runs a task on a thread of its own once a permit is available.
    ///
    /// # Errors
    /// Returns a `RunError` if the queue is full, a deadline passes, no thread can be started, or the
    /// task panics. Except after `RunError::Panicked`, the caller may retry.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, RunError> {
        let permit = self.permit().await?;
        let idle_threads = Arc::clone(&self.idle_threads);
        let span = Span::current();
        let thread = spawn_blocking(move || {
            // A running task cannot be stopped. After its deadline it keeps its permit until it ends,
            // so that slow tasks cannot use more threads than the limit.
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

    /// The number of permits.
    pub fn concurrency(&self) -> usize {
        self.limits.concurrency.get()
    }

    /// How many tasks are running.
    pub fn in_use(&self) -> usize {
        self.concurrency().saturating_sub(self.running.available_permits())
    }

    /// How many tasks are waiting.
    pub fn waiting(&self) -> usize {
        self.limits.queue.saturating_sub(self.queue_slots.available_permits())
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, RunError> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(permit);
        }
        // Released when this function returns or its future is dropped.
        let _slot = self.queue_slots.try_acquire().map_err(|_| RunError::QueueFull)?;
        match timeout(self.limits.queue_deadline, Arc::clone(&self.running).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed, so this is the deadline.
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
