//! Checks every object, from time to time and slowly.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::error::ArchiveError;
use crate::archive::fixity::progress::{PARTS, Pace};
use crate::archive::renderers::release::SERVER;
use crate::jobs::Jobs;

/// How often a server looks whether a round is due.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// When objects are checked, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The time from one round to the next.
    pub every: Duration,
    /// How fast objects are read.
    pub pace: Pace,
}

/// Checks until the process shuts down.
pub(crate) async fn check(jobs: Jobs, schedule: Schedule) {
    loop {
        tokio::select! {
            checked = check_if_due(&jobs, schedule) => if let Err(error) = checked {
                tracing::warn!(?error, "objects could not be checked and will be checked later");
            },
            // A round continues at its next part.
            () = jobs.stopping.cancelled() => return,
        }
        tokio::select! {
            () = sleep(INTERVAL) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}

async fn check_if_due(jobs: &Jobs, schedule: Schedule) -> Result<(), ArchiveError> {
    let archive = &jobs.archive;
    let every_ms = i64::try_from(schedule.every.as_millis()).unwrap_or(i64::MAX);
    if !archive.is_fixity_due(every_ms).await? {
        return Ok(());
    }
    let mut round = archive.fixity_round().await?;
    while round.next_part < PARTS {
        round = archive.check_next_part(round, schedule.pace).await?;
    }
    let report = archive.finish_fixity_round(&round, SERVER).await?;
    let (objects, bytes, findings) = (report.objects, report.bytes, report.n_findings);
    if findings == 0 {
        tracing::info!(objects, bytes, "all objects are intact");
    } else {
        tracing::error!(objects, bytes, findings, "objects are missing, altered or extra");
    }
    Ok(())
}
