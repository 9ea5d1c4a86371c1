//! Delivers webhooks: records each attempt and schedules the next one.

use std::time::Duration;

use crate::jobs::Jobs;
use crate::jobs::error::JobsError;
use crate::jobs::queue::{BoundStatement, Delivery, Work};
use crate::jobs::webhook::DeliveryOutcome;

/// The delay after an attempt that could not be recorded.
const UNRECORDED_DELAY: Duration = Duration::from_secs(30);

impl Jobs {
    /// Makes an attempt, and schedules another one if its result cannot be recorded.
    pub(crate) async fn deliver_or_reschedule(&self, delivery: Delivery) -> Result<(), JobsError> {
        let Err(error) = self.deliver(&delivery).await else { return Ok(()) };
        tracing::warn!(
            batch = delivery.batch,
            ?error,
            "a webhook could not be recorded and will be sent again"
        );
        self.queue
            .push(Work::Delivery(delivery), Some(self.unix_seconds_after(UNRECORDED_DELAY)))
            .await
    }

    /// Makes an attempt, records its result, and schedules the next attempt if one is needed.
    async fn deliver(&self, delivery: &Delivery) -> Result<(), JobsError> {
        let Some(mut batch) = self.batch_for_worker(&delivery.batch).await? else { return Ok(()) };
        batch.counts = self.counts(&batch.id).await?;
        let waiting = batch.webhook.as_ref().filter(|webhook| webhook.state == "waiting");
        let Some(webhook) = waiting else { return Ok(()) };
        let outcome = self.webhooks.send(&webhook.url, &batch, self.archive.now()).await;
        let delay = self.webhooks.retry_delays.get(delivery.tries);
        let (state, status) = match outcome {
            DeliveryOutcome::Delivered(status) => ("delivered", Some(status)),
            DeliveryOutcome::Gone(status) => ("given_up", Some(status)),
            DeliveryOutcome::Failed(status) if delay.is_some() => ("waiting", status),
            DeliveryOutcome::Failed(status) => ("given_up", status),
        };
        let guard = BoundStatement {
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
        let next = delay
            .filter(|_| state == "waiting")
            .map(|delay| (Work::Delivery(next), Some(self.unix_seconds_after(*delay))));
        self.queue.execute_and_push(guard, &[], next.as_slice()).await?;
        Ok(())
    }
}
