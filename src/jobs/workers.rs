//! The workers of a process: they take tasks of the queue until they are told to stop.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::{BackendExt, BoxDynError, WorkerBuilder, WorkerBuilderExt, WorkerError};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use futures_util::{Stream, stream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use crate::generate::permits::{Limits, Permits};
use crate::jobs::Jobs;
use crate::jobs::error::JobsError;
use crate::jobs::queue::{Delivery, Pools, Run};
use crate::jobs::run::LineProcessor;
use crate::jobs::sweep::sweep;
use crate::render::typesetter::Typesetter;

/// How often a worker looks for tasks that other processes pushed, or whose time has come.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How many webhooks are sent at once: most of their time is waiting.
const CONCURRENT_DELIVERIES: usize = 4;

/// How many heartbeats a lease lasts.
const HEARTBEATS_PER_LEASE: u32 = 3;

/// The longest delay before a worker whose database failed begins anew.
const MAX_RESTART_DELAY: Duration = Duration::from_secs(30);

/// How workers work.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many lines are set in type at once. A worker has permits of its own: a request never
    /// waits behind a batch, it shares the cores with at most so many lines.
    pub concurrency: NonZeroUsize,
    /// How long a line may take to render.
    pub run_deadline: Duration,
    /// How long a worker may be silent before others take up its tasks; whole seconds, at least 3.
    pub lease: Duration,
}

/// Workers that run.
#[derive(Debug)]
pub struct Workers(JoinSet<()>);

impl Workers {
    /// Starts the workers of this process.
    pub fn start(jobs: &Jobs, typesetter: Typesetter, settings: Settings) -> Self {
        let limits = Limits {
            concurrency: settings.concurrency,
            // Where a line passed its deadline, its thread still holds its permit.
            queue: settings.concurrency.get(),
            queue_deadline: settings.run_deadline,
            run_deadline: settings.run_deadline,
        };
        let processor = Arc::new(LineProcessor {
            jobs: jobs.clone(),
            typesetter,
            permits: Permits::new(limits),
        });
        let heartbeat = Duration::from_secs(
            (settings.lease.as_secs() / u64::from(HEARTBEATS_PER_LEASE)).max(1),
        );
        let mut workers = JoinSet::new();
        let concurrency = settings.concurrency.get();
        let file = move || process_runs(Arc::clone(&processor), heartbeat, concurrency);
        workers.spawn(restart_on_error(jobs.clone(), Run::QUEUE, file));
        let sender = jobs.clone();
        let send = move || send_webhooks(sender.clone(), heartbeat, CONCURRENT_DELIVERIES);
        workers.spawn(restart_on_error(jobs.clone(), Delivery::QUEUE, send));
        workers.spawn(sweep(jobs.clone(), jobs.archive.now()));
        Self(workers)
    }

    /// Waits until every worker has ended what it had begun, for so long. The workers must have
    /// been told to stop; what is not ended by then is taken up by the next process.
    pub async fn join(mut self, deadline: Duration) {
        let ended = timeout(deadline, async { while self.0.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("stopped with work in hand, which the next process takes up");
        }
    }
}

/// Runs a worker of one of the two databases. The types of the two differ, their words do not.
macro_rules! run_worker {
    ($storage:ident, $module:ident, $pool:expr, $task:ty, $jobs:expr, $heartbeat:expr, $concurrency:expr, $do:expr) => {{
        let config = $module::Config::default()
            .queue(<$task>::QUEUE)
            // One at a time. While tasks wait in a worker's own buffer it sends no heartbeats, and
            // other processes could not take them.
            .batch_size(1)
            .lock_tasks(false)
            .heartbeat_interval($heartbeat)
            .missed_heartbeats(HEARTBEATS_PER_LEASE as usize);
        let backend = $storage::<$task>::new($pool)
            .with_config(config)
            .poll_with_stream(polls($jobs.clone()));
        let stopping = $jobs.stopping.clone();
        WorkerBuilder::new(format!("{}-{}", <$task>::QUEUE, $jobs.archive.new_id()))
            .backend(backend)
            .concurrency($concurrency)
            .build($do)
            .run_until(async move {
                stopping.cancelled().await;
                Ok::<(), WorkerError>(())
            })
            .await
    }};
}

/// Takes runs of lines until the worker ends.
async fn process_runs(
    processor: Arc<LineProcessor>,
    heartbeat: Duration,
    concurrency: usize,
) -> Result<(), WorkerError> {
    let jobs = processor.jobs.clone();
    let file = move |run: Run| {
        let processor = Arc::clone(&processor);
        spawn_and_join(async move { processor.run(run).await })
    };
    match &jobs.queue.pools {
        Pools::Sqlite(pool) => {
            run_worker!(SqliteStorage, apalis_sqlite, pool, Run, jobs, heartbeat, concurrency, file)
        }
        Pools::Postgres(pool) => {
            run_worker!(
                PostgresStorage,
                apalis_postgres,
                pool,
                Run,
                jobs,
                heartbeat,
                concurrency,
                file
            )
        }
    }
}

/// Takes webhooks until the worker ends.
async fn send_webhooks(
    jobs: Jobs,
    heartbeat: Duration,
    concurrency: usize,
) -> Result<(), WorkerError> {
    let sender = jobs.clone();
    let send = move |delivery: Delivery| {
        let sender = sender.clone();
        spawn_and_join(async move { sender.deliver_or_reschedule(delivery).await })
    };
    match &jobs.queue.pools {
        Pools::Sqlite(pool) => {
            run_worker!(
                SqliteStorage,
                apalis_sqlite,
                pool,
                Delivery,
                jobs,
                heartbeat,
                concurrency,
                send
            )
        }
        Pools::Postgres(pool) => {
            run_worker!(
                PostgresStorage,
                apalis_postgres,
                pool,
                Delivery,
                jobs,
                heartbeat,
                concurrency,
                send
            )
        }
    }
}

/// A worker ends when its database fails; another begins in its place, after growing pauses, until
/// the process is told to stop.
async fn restart_on_error<W>(jobs: Jobs, queue: &'static str, work: impl Fn() -> W + Send)
where
    W: Future<Output = Result<(), WorkerError>> + Send,
{
    let mut delay = Duration::from_secs(1);
    while !jobs.stopping.is_cancelled() {
        let began = jobs.archive.now().0;
        let ended = match jobs.queue.release_tasks(queue).await {
            Ok(()) => work().await.map_err(|error| error.to_string()),
            Err(error) => Err(format!("{error:?}")),
        };
        let Err(error) = ended else { continue };
        tracing::warn!(queue, error, "a worker ended");
        let worked_ms = jobs.archive.now().0 - began;
        let long = i64::try_from(MAX_RESTART_DELAY.as_millis()).unwrap_or(i64::MAX);
        delay = if worked_ms > long { Duration::from_secs(1) } else { delay };
        tokio::select! {
            () = sleep(delay) => delay = (delay * 2).min(MAX_RESTART_DELAY),
            () = jobs.stopping.cancelled() => {}
        }
    }
}

/// Does work as a task of its own. Its panic is then an error, which puts the work off instead of
/// ending it, and its steps do not wake the worker, which asks for tasks whenever it wakes. It ends
/// with the worker.
async fn spawn_and_join(
    work: impl Future<Output = Result<(), JobsError>> + Send + 'static,
) -> Result<(), BoxDynError> {
    let handle = AbortOnDropHandle::new(tokio::spawn(work));
    handle.await?.map_err(BoxDynError::from)
}

/// An item whenever this process pushed tasks, and every second.
fn polls(jobs: Jobs) -> Pin<Box<dyn Stream<Item = ()> + Send + Sync>> {
    Box::pin(stream::unfold(jobs, |jobs| async move {
        tokio::select! {
            () = jobs.queue.task_pushed.notified() => {}
            () = sleep(POLL_INTERVAL) => {}
        }
        Some(((), jobs))
    }))
}
