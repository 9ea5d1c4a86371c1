//! Bounds how much work runs off the async threads, how much waits for it, and how long.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use crate::render::worker_thread::{Lane, NoThread};

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
    // The lanes that are free; never more than there are permits.
    lanes: Arc<Mutex<Vec<Lane>>>,
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

/// A lane that goes back to the others when it is dropped.
struct FreeLane {
    lanes: Arc<Mutex<Vec<Lane>>>,
    // Taken out by `drop` alone.
    lane: Option<Lane>,
}

impl Permits {
    /// Permits within these bounds.
    pub fn new(limits: Limits) -> Self {
        Self {
            running: Arc::new(Semaphore::new(limits.at_once.get())),
            lanes: Arc::default(),
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
        let lanes = Arc::clone(&self.lanes);
        let span = Span::current();
        let thread = spawn_blocking(move || {
            // A thread cannot be stopped from outside, so the permit stays with it: past its
            // deadline it still uses a core, and a permit given back to early callers would let
            // slow work pile up beyond the bound.
            let _permit = permit;
            let lane = FreeLane::among(lanes)?;
            Ok(lane.run(move || span.in_scope(work)))
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

impl FreeLane {
    /// One that is free, or a new one where there is none: whoever holds a permit may have one.
    fn among(lanes: Arc<Mutex<Vec<Lane>>>) -> Result<Self, NoThread> {
        let free = lanes.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let lane = free.map_or_else(Lane::new, Ok)?;
        Ok(Self { lanes, lane: Some(lane) })
    }

    fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.lane.as_ref().expect("only `drop` takes the lane").run(work)
    }
}

impl Drop for FreeLane {
    fn drop(&mut self) {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).extend(self.lane.take());
    }
}
