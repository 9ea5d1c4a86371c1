//! Files a run of lines: each is read, judged, set in type and filed, and its end recorded, once.

use std::time::Duration;

use crate::archive::access::caller::{Caller, Roles};
use crate::archive::audit::act::Actor;
use crate::archive::error::ArchiveError;
use crate::archive::filings::store::{BatchLine, StoreError};
use crate::generate::permits::{Permits, RunError};
use crate::generate::store::file_line;
use crate::generate::{generate, may_file};
use crate::jobs::Jobs;
use crate::jobs::batch::{Batch, State};
use crate::jobs::error::JobsError;
use crate::jobs::fault::Fault;
use crate::jobs::queue::{Run, Work};
use crate::render::typesetter::Typesetter;

/// The longest pause before a run that failed is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// What files lines; shared by the workers of a process.
#[derive(Debug)]
pub(crate) struct Press {
    pub(crate) jobs: Jobs,
    pub(crate) typesetter: Typesetter,
    pub(crate) permits: Permits,
}

impl Press {
    /// Files a run of lines, or puts off what it cannot do now.
    pub(crate) async fn run(&self, run: Run) -> Result<(), JobsError> {
        match self.file_lines(&run).await {
            Ok(()) => Ok(()),
            Err(JobsError::Stopping) => Err(JobsError::Stopping),
            Err(error) => {
                let pause = pause(run.tries);
                let pause_s = pause.as_secs();
                tracing::warn!(batch = run.batch, ?error, pause_s, "a run of lines is put off");
                let again = Run { tries: run.tries + 1, ..run };
                let run_at = self.jobs.after(pause);
                self.jobs.queue.push(Work::Run(again), Some(run_at)).await
            }
        }
    }

    async fn file_lines(&self, run: &Run) -> Result<(), JobsError> {
        let jobs = &self.jobs;
        let Some(batch) = jobs.any_batch(&run.batch).await? else { return Ok(()) };
        if batch.is_over() {
            return Ok(());
        }
        if batch.state == State::Queued {
            jobs.start_batch(&batch).await?;
        }
        let mut put_off = None;
        for (line, body_sha256) in jobs.waiting_lines(run).await? {
            if jobs.stopping.is_cancelled() {
                return Err(JobsError::Stopping);
            }
            match self.file_line(&batch, line, &body_sha256).await {
                Ok(()) => {}
                // Lines behind one that cannot be read need not wait for it.
                Err(JobsError::Archive(error @ ArchiveError::Store(_))) => put_off = Some(error),
                Err(error) => return Err(error),
            }
        }
        match put_off {
            Some(error) => Err(error.into()),
            None => jobs.finish_batch(&batch).await.map(|_| ()),
        }
    }

    async fn file_line(&self, batch: &Batch, line: i64, sha256: &str) -> Result<(), JobsError> {
        let jobs = &self.jobs;
        let at = BatchLine { batch_id: &batch.id, line };
        let body = match jobs.archive.objects.get(sha256).await {
            Ok(body) => body,
            Err(error @ ArchiveError::Corrupt(_)) => {
                tracing::error!(batch = batch.id, line, ?error, "a line cannot be read");
                return jobs.end_line(at, &Fault::Failed).await;
            }
            Err(error) => return Err(error.into()),
        };
        // The roles were asked for when the batch was posted.
        let caller = Caller {
            id: batch.posted_by.clone(),
            roles: Roles::new([]),
            agency: batch.agency.clone(),
        };
        let actor = Actor { caller: &caller.id, request_id: &batch.id };
        let (typesetter, filer) = (self.typesetter.clone(), caller.clone());
        let generated = move || {
            let may_file = may_file(&filer, &body, typesetter.coverage());
            may_file.then(|| generate(&body, &typesetter))
        };
        let generated = match self.permits.run(generated).await {
            Ok(Some(Ok(generated))) => generated,
            Ok(Some(Err(error))) => {
                return jobs.end_line(at, &logged(batch, line, error.into())).await;
            }
            Ok(None) => return jobs.end_line(at, &Fault::Foreign).await,
            Err(RunError::Panicked | RunError::RunDeadline) => {
                return jobs.end_line(at, &logged(batch, line, Fault::Failed)).await;
            }
            Err(RunError::NoThread | RunError::QueueFull | RunError::QueueDeadline) => {
                return Err(JobsError::NoThread);
            }
        };
        match file_line(&generated, &jobs.archive, actor, at).await {
            // Whoever ended it meanwhile, by cancelling or by doing the same, has recorded that.
            Ok(_) | Err(StoreError::LineEnded) => Ok(()),
            Err(StoreError::Signed) => jobs.end_line(at, &Fault::Signed).await,
            Err(StoreError::Archive(error)) => Err(error.into()),
        }
    }
}

fn logged(batch: &Batch, line: i64, fault: Fault) -> Fault {
    if matches!(fault, Fault::Failed) {
        tracing::error!(batch = batch.id, line, "a line of a batch could not be printed");
    }
    fault
}

/// Twice as long each time.
fn pause(tries: usize) -> Duration {
    let doubled = u32::try_from(tries).ok().and_then(|tries| 1_u64.checked_shl(tries));
    doubled.map_or(LONGEST_PAUSE, |seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let cases = [(0, 1), (1, 2), (8, 256), (9, 300), (63, 300), (64, 300), (100_000, 300)];
        for (tries, seconds) in cases {
            assert_eq!(pause(tries), Duration::from_secs(seconds), "{tries}");
        }
    }
}
