//! Delivers webhooks: records each attempt and schedules the next one.

use std::time::Duration;

use crate::jobs::Jobs;
use crate::jobs::error::JobsError;
use crate::jobs::queue::{Change, Delivery, Work};
use crate::jobs::webhook::Attempt;

/// The delay after an attempt that could not be recorded.
const UNRECORDED_PAUSE: Duration = Duration::from_secs(30);

impl Jobs {
    /// Makes an attempt; where not even that can be recorded, puts it off.
    pub(crate) async fn deliver_or_put_off(&self, delivery: Delivery) -> Result<(), JobsError> {
        let Err(error) = self.deliver(&delivery).await else { return Ok(()) };
        tracing::warn!(batch = delivery.batch, ?error, "a webhook is put off");
        self.queue.push(Work::Delivery(delivery), Some(self.after(UNRECORDED_PAUSE))).await
    }

    /// Makes an attempt, records it, and puts off the next one where one is needed.
    async fn deliver(&self, delivery: &Delivery) -> Result<(), JobsError> {
        let Some(mut batch) = self.any_batch(&delivery.batch).await? else { return Ok(()) };
        batch.counts = self.counts(&batch.id).await?;
        let waits = batch.webhook.as_ref().filter(|webhook| webhook.state == "waiting");
        let Some(webhook) = waits else { return Ok(()) };
        let attempt = self.webhooks.send(&webhook.url, &batch, self.archive.now()).await;
        let pause = self.webhooks.retry_delays.get(delivery.tries);
        let (state, status) = match attempt {
            Attempt::Delivered(status) => ("delivered", Some(status)),
            Attempt::Gone(status) => ("given_up", Some(status)),
            Attempt::Failed(status) if pause.is_some() => ("waiting", status),
            Attempt::Failed(status) => ("given_up", status),
        };
        let guard = Change {
            sql: "UPDATE batches SET webhook_state = $2, webhook_status = NULLIF($3, 0), \
                  webhook_attempts = webhook_attempts + 1 \
                  WHERE id = $1 AND webhook_state = 'waiting'",
            values: vec![
                batch.id.as_str().into(),
                state.into(),
                status.map_or(0, i64::from).into(),
            ],
        };
        let next = Delivery { batch: batch.id.clone(), tries: delivery.tries + 1 };
        let next = pause
            .filter(|_| state == "waiting")
            .map(|pause| (Work::Delivery(next), Some(self.after(*pause))));
        self.queue.change(guard, &[], next.as_slice()).await?;
        Ok(())
    }
}
