//! Has the newest checkpoint confirmed by others: witnesses cosign it, authorities stamp its time.

use std::time::Duration;

use tokio::time::sleep;

use crate::jobs::Jobs;
use crate::jobs::log::request::client;
use crate::jobs::log::settings::Settings;
use crate::jobs::log::stamps::stamp;
use crate::jobs::log::witnesses::cosign;

/// How often others are asked.
const INTERVAL: Duration = Duration::from_secs(10);

/// Asks witnesses and authorities until the process shuts down.
pub(crate) async fn confirm(jobs: Jobs, settings: Settings) {
    if settings.witnesses.is_empty() && settings.authorities.is_empty() {
        return;
    }
    let Some(client) = client() else { return };
    loop {
        for witness in &settings.witnesses {
            if let Err(error) = cosign(&jobs.archive, &client, witness).await {
                tracing::warn!(witness = witness.name, %error, "a witness did not cosign");
            }
        }
        for authority in &settings.authorities {
            if let Err(error) = stamp(&jobs.archive, &client, authority).await {
                tracing::warn!(authority, %error, "an authority did not stamp a checkpoint");
            }
        }
        tokio::select! {
            () = sleep(INTERVAL) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}
