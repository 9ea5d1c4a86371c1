//! Processes a run: reads, validates, typesets and stores each line once, and records the result.

use std::time::Duration;

use crate::archive::access::caller::Caller;
use crate::archive::audit::act::Actor;
use crate::archive::error::ArchiveError;
use crate::archive::filings::store::{BatchLine, StoreError, Stored};
use crate::generate::permits::{Permits, RunError};
use crate::generate::room::Room;
use crate::generate::store::store_line;
use crate::generate::typesetters::Typesetters;
use crate::generate::{GenerateError, Generated, accept, render};
use crate::jobs::Jobs;
use crate::jobs::batch::{Batch, State};
use crate::jobs::error::JobsError;
use crate::jobs::line_error::LineError;
use crate::jobs::queue::{Run, Work};
use crate::render::typesetter::Typesetter;
use crate::submission::bounds::Scan;

/// The longest delay before a failed run is retried.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(5 * 60);

/// The actor of what a server does by itself.
const SERVER: &str = "server";

/// Processes lines. Shared by the workers of a process.
#[derive(Debug)]
pub(crate) struct LineProcessor {
    pub(crate) jobs: Jobs,
    pub(crate) typesetters: Typesetters,
    pub(crate) permits: Permits,
    pub(crate) memory: Room,
}

impl LineProcessor {
    /// Processes a run, and schedules it again if it fails.
    pub(crate) async fn run(&self, run: Run) -> Result<(), JobsError> {
        match self.process_lines(&run).await {
            Ok(()) => Ok(()),
            Err(JobsError::Stopping) => Err(JobsError::Stopping),
            Err(error) => {
                let delay = retry_delay(run.tries);
                let delay_s = delay.as_secs();
                tracing::warn!(
                    batch = run.batch,
                    ?error,
                    delay_s,
                    "a run of lines failed and will be retried"
                );
                let again = Run { tries: run.tries + 1, ..run };
                let run_at = self.jobs.unix_seconds_after(delay);
                self.jobs.queue.push(Work::Run(again), Some(run_at)).await
            }
        }
    }

    async fn process_lines(&self, run: &Run) -> Result<(), JobsError> {
        let jobs = &self.jobs;
        let Some(batch) = jobs.batch_for_worker(&run.batch).await? else { return Ok(()) };
        if batch.has_ended() {
            return Ok(());
        }
        // The upload may have ended after the key was revoked.
        if jobs.archive.is_revoked(&batch.posted_by).await? {
            let actor = Actor { caller: SERVER, request_id: &batch.id, address: "" };
            return jobs.cancel_batch(&batch, actor).await.map(|_| ());
        }
        if batch.state == State::Queued {
            jobs.start_batch(&batch).await?;
        }
        let mut deferred = None;
        for (line, body_sha256) in jobs.waiting_lines(run).await? {
            if jobs.stopping.is_cancelled() {
                return Err(JobsError::Stopping);
            }
            match self.process_line(&batch, line, &body_sha256).await {
                Ok(()) => {}
                // A line whose body cannot be read now does not hold up the others.
                Err(JobsError::Archive(error @ ArchiveError::Store(_))) => deferred = Some(error),
                Err(error) => return Err(error),
            }
        }
        match deferred {
            Some(error) => Err(error.into()),
            None => jobs.finish_batch(&batch).await.map(|_| ()),
        }
    }

    async fn process_line(&self, batch: &Batch, line: i64, sha256: &str) -> Result<(), JobsError> {
        let jobs = &self.jobs;
        let at = BatchLine { batch_id: &batch.id, line };
        let body = match jobs.archive.objects.get(sha256).await {
            Ok(body) => body,
            Err(error @ ArchiveError::Corrupt(_)) => {
                tracing::error!(batch = batch.id, line, ?error, "the body of a line is corrupt");
                // Nobody can mend it.
                return jobs.end_line(batch, line, 0, &LineError::Failed).await;
            }
            Err(error) => return Err(error.into()),
        };
        let needed = memory_of(&body);
        let mut memory = self.memory.reservation("");
        memory.grow(needed).await;
        let (caller, length) = (batch.poster(), body.len());
        let actor = Actor { caller: &caller.id, request_id: &batch.id, address: "" };
        let chosen = self.typesetters.of_body(&jobs.archive, caller.agency.as_deref(), body).await;
        let (chosen, body) = match chosen {
            Ok(found) => found,
            Err(error) if error.is_outage() => return Err(error.into()),
            Err(error) => {
                tracing::error!(batch = batch.id, line, ?error, "the fonts of an agency are lost");
                return jobs.end_line(batch, line, length, &LineError::Failed).await;
            }
        };
        let (archive, author) = (chosen.archive(&jobs.archive), caller.clone());
        let work = move || {
            let _memory = memory;
            generate(&body, &author, chosen.typesetter())
        };
        let generated = self.permits.run("", work).await;
        let generated = match generated {
            Ok(Ok(generated)) => generated,
            Ok(Err(error)) => {
                let error = log_if_failed(batch, line, error);
                return jobs.end_line(batch, line, length, &error).await;
            }
            Err(RunError::Panicked | RunError::RunDeadline) => {
                let error = log_if_failed(batch, line, LineError::Failed);
                return jobs.end_line(batch, line, length, &error).await;
            }
            Err(
                RunError::NoThread
                | RunError::ShareUsed
                | RunError::QueueFull
                | RunError::QueueDeadline,
            ) => {
                return Err(JobsError::NoThread);
            }
        };
        let stored = store_line(&generated, &archive, caller.agency.as_deref(), actor, at).await;
        match error_of(batch, line, stored)? {
            Some(error) => jobs.end_line(batch, line, length, &error).await,
            None => Ok(()),
        }
    }
}

/// Why a line was not stored; a stored line has already ended.
fn error_of(
    batch: &Batch,
    line: i64,
    stored: Result<Stored, StoreError>,
) -> Result<Option<LineError>, JobsError> {
    Ok(Some(match stored {
        // It was cancelled or processed by another worker, and the result is recorded.
        Ok(_) | Err(StoreError::LineEnded) => return Ok(None),
        Err(StoreError::NumberSigned) => LineError::NumberSigned,
        Err(StoreError::NumberReserved) => LineError::NumberReserved,
        // Lines have no draft.
        Err(StoreError::Draft(error)) => {
            tracing::error!(batch = batch.id, line, %error, "a line was stored as a draft");
            LineError::Failed
        }
        Err(StoreError::QuotaUsed(quota)) => LineError::QuotaUsed(quota),
        Err(StoreError::NumberDestroyed) => LineError::NumberDestroyed,
        Err(StoreError::Archive(error)) => return Err(error.into()),
    }))
}

/// The memory that a line may take until it is accepted or refused.
fn memory_of(line: &[u8]) -> usize {
    let mut scan = Scan::default();
    // A line that exceeds a bound is refused before anything is built from it.
    match scan.feed(line) {
        Ok(()) => line.len() + scan.parsed_bytes(),
        Err(_) => line.len(),
    }
}

/// Validates a line once and typesets it if its caller may file for its lead agency.
fn generate(body: &[u8], caller: &Caller, typesetter: &Typesetter) -> Result<Generated, LineError> {
    let accepted = accept(body, typesetter.coverage())?;
    if !caller.may_file_for(&accepted.filing.document().issuers) {
        return Err(LineError::NotYourAgency);
    }
    Ok(render(accepted, typesetter).map_err(GenerateError::from)?)
}

fn log_if_failed(batch: &Batch, line: i64, error: LineError) -> LineError {
    if matches!(error, LineError::Failed) {
        tracing::error!(batch = batch.id, line, "a line of a batch could not be typeset");
    }
    error
}

/// The delay before the next try; it doubles with each one.
fn retry_delay(tries: usize) -> Duration {
    let doubled = u32::try_from(tries).ok().and_then(|tries| 1_u64.checked_shl(tries));
    doubled.map_or(MAX_RETRY_DELAY, |seconds| Duration::from_secs(seconds).min(MAX_RETRY_DELAY))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::retry_delay;

    #[test]
    fn delays_double_up_to_the_maximum() {
        let cases = [(0, 1), (1, 2), (8, 256), (9, 300), (63, 300), (64, 300), (100_000, 300)];
        for (tries, seconds) in cases {
            assert_eq!(retry_delay(tries), Duration::from_secs(seconds), "{tries}");
        }
    }
}
