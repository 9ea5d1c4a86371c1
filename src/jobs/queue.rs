//! The durable queue. It uses the database of the records, so that a changed record and the tasks
//! that follow from it are committed together.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::{Task, TaskBuilder};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Database, Encode, Executor, PgPool, SqlitePool, Type};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::archive::Archive;
use crate::archive::database::deadline::{STATEMENT_DEADLINE, from_now, in_time};
use crate::archive::database::{Engine, POSTGRES_SETTINGS};
use crate::jobs::error::JobsError;

/// Practically unlimited. Each worker that is killed uses up an attempt, and no number of them may
/// lose a task.
const MAX_ATTEMPTS: usize = 1_000_000;

/// The priority of a run falls with its first line, so that the first runs of each batch come before
/// the later ones of all others, and a small batch does not wait for a large one.
const MAX_PRIORITY: usize = 1_000_000;

/// Connections of the queue, in addition to those of the records.
const CONNECTIONS: u32 = 4;

/// How long a statement waits for the write lock of SQLite: longer than any transaction takes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a request waits for a free connection before it fails as busy.
const ACQUIRE_DEADLINE: Duration = Duration::from_secs(5);

/// How long ended tasks are kept for troubleshooting.
const RETENTION_SECONDS: i64 = 24 * 60 * 60;

/// A run: the lines of a batch that a worker takes at a time. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The batch.
    pub batch: String,
    /// The first line.
    pub first: i64,
    /// The last line.
    pub last: i64,
    /// How often it has failed.
    pub tries: usize,
}

/// An attempt to send the webhook of a batch that has ended. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The batch.
    pub batch: String,
    /// The number of earlier attempts.
    pub tries: usize,
}

/// The work of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Processes lines.
    Run(Run),
    /// Sends a webhook.
    Delivery(Delivery),
}

/// A task: its work and its earliest start in seconds since 1970, if it has one.
pub(crate) type NewTask = (Work, Option<u64>);

/// A statement for both databases, with its values.
#[derive(Debug)]
pub(crate) struct BoundStatement {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<Value>,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// The queue; shared by all threads.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(crate) pools: Pools,
    /// Notifies the workers of this process of new tasks. Those of other processes poll.
    pub(crate) task_pushed: Arc<Notify>,
}

#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Work {
    /// The name of its queue.
    pub(crate) fn queue(&self) -> &'static str {
        match self {
            Self::Run(_) => Run::QUEUE,
            Self::Delivery(_) => Delivery::QUEUE,
        }
    }

    fn task(&self, run_at: Option<u64>) -> Task<Vec<u8>> {
        let (args, priority) = match self {
            Self::Run(run) => {
                (serde_json::to_vec(run), usize::try_from(run.first).unwrap_or_default())
            }
            Self::Delivery(delivery) => (serde_json::to_vec(delivery), 0),
        };
        let args = args.expect("strings and integers always serialize");
        let task = TaskBuilder::new(args)
            .max_attempts(MAX_ATTEMPTS)
            .priority(MAX_PRIORITY.saturating_sub(priority));
        match run_at {
            Some(seconds) => task.run_at_timestamp(seconds).build(),
            None => task.build(),
        }
    }
}

impl Run {
    pub(crate) const QUEUE: &'static str = "batch-lines";
}

impl Delivery {
    pub(crate) const QUEUE: &'static str = "webhooks";
}

impl BoundStatement {
    fn query<'q, DB>(&self) -> Query<'q, DB, DB::Arguments>
    where
        DB: Database,
        for<'v> String: Encode<'v, DB> + Type<DB>,
        for<'v> i64: Encode<'v, DB> + Type<DB>,
        DB::Arguments: sqlx::IntoArguments<DB>,
    {
        self.values.iter().fold(sqlx::query(self.sql), |query, value| match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Number(number) => query.bind(*number),
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl Queue {
    /// Opens the queue in the database of an archive and migrates its tables.
    ///
    /// # Errors
    /// Returns `JobsError::Archive`, `JobsError::Sqlite` or `JobsError::Postgres` if the database
    /// cannot be reached or migrated. The process cannot start then.
    pub async fn open(archive: &Archive) -> Result<Self, JobsError> {
        let url = archive.database.url();
        let pools = match archive.database.engine() {
            Engine::Sqlite => {
                // Durable like the records; the setup of the queue crate would disable syncing.
                let options = SqliteConnectOptions::from_str(url)?
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(BUSY_TIMEOUT);
                let pool = SqlitePoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(ACQUIRE_DEADLINE)
                    .connect_with(options)
                    .await?;
                let migrations = apalis_sqlite::SqliteStorage::<()>::migrations();
                migrations.run(&pool).await.map_err(sqlx::Error::from)?;
                Pools::Sqlite(pool)
            }
            Engine::Postgres => {
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(ACQUIRE_DEADLINE)
                    // These deadlines also apply to the statements of the queue crate.
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute(POSTGRES_SETTINGS).await?;
                            Ok(())
                        })
                    })
                    .connect(url)
                    .await?;
                apalis_postgres::PostgresStorage::<()>::setup(&pool).await?;
                Pools::Postgres(pool)
            }
        };
        Ok(Self { pools, task_pushed: Arc::default() })
    }

    /// Executes `guard`. If it changed a row, also executes the other statements and pushes the tasks,
    /// all in one transaction. Returns whether it did.
    pub(crate) async fn execute_and_push(
        &self,
        guard: BoundStatement,
        others: &[BoundStatement],
        tasks: &[NewTask],
    ) -> Result<bool, JobsError> {
        let changed = in_time(deadline(), self.run_transaction(guard, others, tasks)).await?;
        if changed && !tasks.is_empty() {
            self.task_pushed.notify_waiters();
        }
        Ok(changed)
    }

    async fn run_transaction(
        &self,
        guard: BoundStatement,
        others: &[BoundStatement],
        tasks: &[NewTask],
    ) -> Result<bool, JobsError> {
        match &self.pools {
            Pools::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                if guard.query().execute(&mut *transaction).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                for statement in others {
                    statement.query().execute(&mut *transaction).await?;
                }
                for (queue, tasks) in by_queue(tasks) {
                    apalis_sqlite::queries::push_tasks(&mut *transaction, queue, &tasks).await?;
                }
                transaction.commit().await?;
            }
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                if guard.query().execute(&mut *transaction).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                for statement in others {
                    statement.query().execute(&mut *transaction).await?;
                }
                for (queue, tasks) in by_queue(tasks) {
                    apalis_postgres::queries::push_tasks(&mut *transaction, queue, tasks).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(true)
    }

    /// Pushes one task.
    pub(crate) async fn push(&self, work: Work, run_at: Option<u64>) -> Result<(), JobsError> {
        let queue = work.queue();
        let task = work.task(run_at);
        in_time(deadline(), async {
            match &self.pools {
                Pools::Sqlite(pool) => {
                    let mut connection = pool.acquire().await?;
                    apalis_sqlite::queries::push_tasks(&mut *connection, queue, &[task]).await?;
                }
                Pools::Postgres(pool) => {
                    let mut connection = pool.acquire().await?;
                    apalis_postgres::queries::push_tasks(&mut *connection, queue, vec![task])
                        .await?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Releases the tasks that dead workers of this process or of an earlier one hold. Does nothing in
    /// PostgreSQL, where another process may be working on them; expired leases release them there.
    pub(crate) async fn release_tasks(&self, queue: &str) -> Result<(), JobsError> {
        if let Pools::Sqlite(pool) = &self.pools {
            let release = sqlx::query(
                "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL \
                 WHERE job_type = $1 AND status IN ('Queued', 'Running')",
            )
            .bind(queue);
            in_time(deadline(), async { Ok::<_, JobsError>(release.execute(pool).await?) }).await?;
        }
        Ok(())
    }

    /// Deletes tasks that ended, and workers that were last seen, more than `RETENTION_SECONDS` ago.
    pub(crate) async fn delete_ended(&self, now_seconds: i64) -> Result<(), JobsError> {
        let statements = match &self.pools {
            Pools::Sqlite(_) => [
                "DELETE FROM Jobs WHERE status IN ('Done', 'Killed') AND done_at < $1",
                "DELETE FROM Workers WHERE last_seen < $1 AND NOT EXISTS \
                 (SELECT 1 FROM Jobs WHERE lock_by = Workers.id)",
            ],
            Pools::Postgres(_) => [
                "DELETE FROM apalis.jobs WHERE status IN ('Done', 'Killed') \
                 AND done_at < to_timestamp($1)",
                "DELETE FROM apalis.workers w WHERE last_seen < to_timestamp($1) AND NOT EXISTS \
                 (SELECT 1 FROM apalis.jobs WHERE lock_by = w.id)",
            ],
        };
        for sql in statements {
            let delete =
                BoundStatement { sql, values: vec![(now_seconds - RETENTION_SECONDS).into()] };
            in_time(deadline(), self.execute(&delete)).await?;
        }
        Ok(())
    }

    async fn execute(&self, statement: &BoundStatement) -> Result<(), JobsError> {
        match &self.pools {
            Pools::Sqlite(pool) => statement.query().execute(pool).await.map(|_| ())?,
            Pools::Postgres(pool) => statement.query().execute(pool).await.map(|_| ())?,
        }
        Ok(())
    }
}

/// The deadline of a call that starts now.
fn deadline() -> Instant {
    from_now(STATEMENT_DEADLINE)
}

/// Groups tasks by queue.
fn by_queue(tasks: &[NewTask]) -> impl Iterator<Item = (&'static str, Vec<Task<Vec<u8>>>)> {
    [Run::QUEUE, Delivery::QUEUE].into_iter().filter_map(|queue| {
        let tasks: Vec<_> = tasks
            .iter()
            .filter(|(work, _)| work.queue() == queue)
            .map(|(work, run_at)| work.task(*run_at))
            .collect();
        (!tasks.is_empty()).then_some((queue, tasks))
    })
}
