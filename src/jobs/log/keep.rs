//! Continues the log until the process shuts down.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::log::error::LogError;
use crate::document::moment::Moment;
use crate::jobs::Jobs;
use crate::jobs::log::request::client;
use crate::jobs::log::settings::Settings;
use crate::jobs::log::witnesses::longer_log;

/// How often the log is looked at.
const POLL: Duration = Duration::from_secs(1);

/// How long to wait after an error that the operator must mend.
const RETRY: Duration = Duration::from_secs(60);

/// Continues the log. Nothing is signed before the published log has been compared with the database.
pub(crate) async fn keep(jobs: Jobs, settings: Settings) {
    let mut is_compared = false;
    loop {
        let delay = match round(&settings, jobs.archive.now(), &mut is_compared).await {
            Ok(()) => POLL,
            Err(error) if error.is_outage() => {
                tracing::warn!(?error, "the log waits");
                POLL
            }
            Err(error) => {
                // Something else may be in the store than before, so it is compared again.
                is_compared = false;
                tracing::error!(%error, ?error, "the log is not continued; acts are stored and wait");
                RETRY
            }
        };
        tokio::select! {
            () = sleep(delay) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}

/// Asks each witness whether it knows a longer log. One that does not respond is not waited for.
async fn compare_with_witnesses(settings: &Settings) -> Result<(), LogError> {
    let Some(client) = client().filter(|_| !settings.witnesses.is_empty()) else { return Ok(()) };
    for witness in &settings.witnesses {
        match longer_log(&settings.keeper.archive, &client, witness).await {
            Ok(None) => {}
            Ok(Some(size)) => {
                return Err(LogError::WitnessAhead { witness: witness.name.clone(), size });
            }
            Err(error) => tracing::warn!(witness = witness.name, %error, "a witness was not asked"),
        }
    }
    Ok(())
}

async fn round(settings: &Settings, now: Moment, is_compared: &mut bool) -> Result<(), LogError> {
    let keeper = &settings.keeper;
    if !*is_compared {
        keeper.open().await?;
        keeper.recover().await?;
        compare_with_witnesses(settings).await?;
        *is_compared = true;
    }
    let interval = i64::try_from(settings.interval.as_millis()).unwrap_or(i64::MAX);
    let round = keeper.round(Moment(now.0.saturating_sub(interval))).await?;
    if let Some(size) = round.published {
        tracing::debug!(size, "a checkpoint was published");
    }
    Ok(())
}
