//! Limits how many tasks run off the async threads, how many wait, and for how long.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use crate::generate::room::{NoRoom, Room};
use crate::generate::turns::{Turn, Turns};
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
    running: Turns,
    // Never more threads than permits.
    idle_threads: Arc<Mutex<Vec<WorkerThread>>>,
    queue_slots: Room,
    limits: Limits,
}

/// Why a task has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The caller's other tasks take up its share of the queue.
    #[error("the caller's share of the queue is used up")]
    ShareUsed,
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
            running: Turns::new(limits.concurrency.get()),
            idle_threads: Arc::default(),
            queue_slots: Room::new(limits.queue),
            limits,
        }
    }

    /// Runs a task of a caller on a thread of its own once a permit is available. Callers who wait get
    /// permits in turn.
    ///
    /// # Errors
    /// Returns a `RunError` if the queue or the caller's share of it is full, a deadline passes, no thread can be started, or the
    /// task panics. Except after `RunError::Panicked`, the caller may retry.
    pub async fn run<T: Send + 'static>(
        &self,
        caller: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, RunError> {
        let permit = self.permit(caller).await?;
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
        self.concurrency().saturating_sub(self.running.free())
    }

    /// How many tasks are waiting.
    pub fn waiting(&self) -> usize {
        self.limits.queue.saturating_sub(self.queue_slots.free())
    }

    async fn permit(&self, caller: &str) -> Result<Turn, RunError> {
        if let Some(permit) = self.running.try_take() {
            return Ok(permit);
        }
        // Released when this function returns or its future is dropped.
        let mut slot = self.queue_slots.reservation(caller);
        slot.try_grow(1).map_err(|reason| match reason {
            NoRoom::Share => RunError::ShareUsed,
            NoRoom::Full => RunError::QueueFull,
        })?;
        match timeout(self.limits.queue_deadline, self.running.wait(caller)).await {
            Ok(Ok(permit)) => Ok(permit),
            // The queue is never closed, so this is the deadline.
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
