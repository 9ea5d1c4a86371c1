//! The workers of a process, which take tasks from the queue until shutdown.

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

use crate::archive::objects::lock::LockMode;
use crate::generate::permits::{Limits, Permits};
use crate::generate::room::Room;
use crate::generate::typesetters::Typesetters;
use crate::jobs::Jobs;
use crate::jobs::error::JobsError;
use crate::jobs::log::keep::keep;
use crate::jobs::log::outside::confirm;
use crate::jobs::log::settings as log;
use crate::jobs::queue::{Delivery, Pools, Run};
use crate::jobs::run::LineProcessor;
use crate::jobs::upkeep::collect::collect;
use crate::jobs::upkeep::fixity::{self, Schedule};
use crate::jobs::upkeep::keep_renderer::keep_renderer;
use crate::jobs::upkeep::locks;
use crate::jobs::upkeep::sweep::sweep;

/// How often a worker polls for tasks that other processes pushed or that have become due.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How many webhooks are sent concurrently. Most of their time is waiting.
const CONCURRENT_DELIVERIES: usize = 4;

/// How many heartbeats a worker sends during a lease.
const HEARTBEATS_PER_LEASE: u32 = 3;

/// The longest delay before a worker that ended with an error is restarted.
const MAX_RESTART_DELAY: Duration = Duration::from_secs(30);

/// The settings of the workers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many lines are rendered concurrently. Batches have permits of their own, so that requests
    /// do not wait for them.
    pub concurrency: NonZeroUsize,
    /// How long a line may take to render.
    pub run_deadline: Duration,
    /// How long a worker may be silent before others take over its tasks; whole seconds, at least 3.
    pub lease: Duration,
    /// The memory that lines share with the bodies of requests, in bytes.
    pub memory: Room,
    /// The log; `None` leaves its entries waiting.
    pub log: Option<log::Settings>,
    /// When objects are checked; `None` is never.
    pub fixity: Option<Schedule>,
    /// How the bucket locks objects that are retained; `None` is not at all.
    pub object_lock: Option<LockMode>,
}

/// Running workers.
#[derive(Debug)]
pub struct Workers(JoinSet<()>);

impl Workers {
    /// Starts the workers of this process.
    pub fn start(jobs: &Jobs, typesetters: Typesetters, settings: Settings) -> Self {
        let limits = Limits {
            concurrency: settings.concurrency,
            // The thread of a line that passed its deadline still holds a permit, so lines may wait.
            queue: settings.concurrency.get(),
            queue_deadline: settings.run_deadline,
            run_deadline: settings.run_deadline,
        };
        let processor = Arc::new(LineProcessor {
            jobs: jobs.clone(),
            typesetters,
            permits: Permits::new(limits),
            memory: settings.memory,
        });
        let heartbeat = Duration::from_secs(
            (settings.lease.as_secs() / u64::from(HEARTBEATS_PER_LEASE)).max(1),
        );
        let mut workers = JoinSet::new();
        let concurrency = settings.concurrency.get();
        let process = move || process_runs(Arc::clone(&processor), heartbeat, concurrency);
        workers.spawn(restart_on_error(jobs.clone(), Run::QUEUE, process));
        let sender = jobs.clone();
        let send = move || send_webhooks(sender.clone(), heartbeat, CONCURRENT_DELIVERIES);
        workers.spawn(restart_on_error(jobs.clone(), Delivery::QUEUE, send));
        workers.spawn(sweep(jobs.clone(), jobs.archive.now()));
        workers.spawn(collect(jobs.clone()));
        if let Some(log) = settings.log {
            workers.spawn(keep(jobs.clone(), log.clone()));
            workers.spawn(confirm(jobs.clone(), log));
        }
        workers.spawn(keep_renderer(jobs.clone()));
        if let Some(schedule) = settings.fixity {
            workers.spawn(fixity::check(jobs.clone(), schedule));
        }
        if let Some(mode) = settings.object_lock {
            workers.spawn(locks::mirror(jobs.clone(), mode));
        }
        Self(workers)
    }

    /// Waits until every worker has finished its tasks, at most until the deadline. The workers must
    /// have been told to stop. Unfinished tasks are taken over by another process.
    pub async fn join(mut self, deadline: Duration) {
        let joined = timeout(deadline, async { while self.0.join_next().await.is_some() {} }).await;
        if joined.is_err() {
            tracing::warn!("stopped with unfinished tasks, which another process takes over");
        }
    }
}

/// Runs a worker on one of the two databases. Their types differ, but not their methods.
macro_rules! run_worker {
    ($storage:ident, $module:ident, $pool:expr, $task:ty, $jobs:expr, $heartbeat:expr, $concurrency:expr, $do:expr) => {{
        let config = $module::Config::default()
            .queue(<$task>::QUEUE)
            // A worker sends no heartbeats while tasks wait in its buffer, and other processes cannot
            // take them.
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

/// Processes runs until the worker ends.
async fn process_runs(
    processor: Arc<LineProcessor>,
    heartbeat: Duration,
    concurrency: usize,
) -> Result<(), WorkerError> {
    let jobs = processor.jobs.clone();
    let process = move |run: Run| {
        let processor = Arc::clone(&processor);
        spawn_and_join(async move { processor.run(run).await })
    };
    match &jobs.queue.pools {
        Pools::Sqlite(pool) => {
            run_worker!(
                SqliteStorage,
                apalis_sqlite,
                pool,
                Run,
                jobs,
                heartbeat,
                concurrency,
                process
            )
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
                process
            )
        }
    }
}

/// Sends webhooks until the worker ends.
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

/// Runs a worker and restarts it when it ends, until the process shuts down. A worker ends when
/// its database fails; the delay before a restart grows.
async fn restart_on_error<W>(jobs: Jobs, queue: &'static str, work: impl Fn() -> W + Send)
where
    W: Future<Output = Result<(), WorkerError>> + Send,
{
    let mut delay = Duration::from_secs(1);
    while !jobs.stopping.is_cancelled() {
        let started_at = jobs.archive.now().0;
        let result = match jobs.queue.release_tasks(queue).await {
            Ok(()) => work().await.map_err(|error| error.to_string()),
            Err(error) => Err(format!("{error:?}")),
        };
        let Err(error) = result else { continue };
        tracing::warn!(queue, error, "a worker ended and will be restarted");
        let ran_ms = jobs.archive.now().0 - started_at;
        let max_delay_ms = i64::try_from(MAX_RESTART_DELAY.as_millis()).unwrap_or(i64::MAX);
        delay = if ran_ms > max_delay_ms { Duration::from_secs(1) } else { delay };
        tokio::select! {
            () = sleep(delay) => delay = (delay * 2).min(MAX_RESTART_DELAY),
            () = jobs.stopping.cancelled() => {}
        }
    }
}

/// Runs work in a task of its own, which ends with the worker. A panic then becomes an error, and the
/// work does not wake the worker, which queries the queue whenever it wakes.
async fn spawn_and_join(
    work: impl Future<Output = Result<(), JobsError>> + Send + 'static,
) -> Result<(), BoxDynError> {
    let handle = AbortOnDropHandle::new(tokio::spawn(work));
    handle.await?.map_err(BoxDynError::from)
}

/// Yields an item when this process has pushed tasks, and after every `POLL_INTERVAL`.
fn polls(jobs: Jobs) -> Pin<Box<dyn Stream<Item = ()> + Send + Sync>> {
    Box::pin(stream::unfold(jobs, |jobs| async move {
        tokio::select! {
            () = jobs.queue.task_pushed.notified() => {}
            () = sleep(POLL_INTERVAL) => {}
        }
        Some(((), jobs))
    }))
}
