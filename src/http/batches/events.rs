//! `GET /v1/batches/{id}/events`: reports the progress of a batch (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use tokio::time::sleep;

use crate::archive::access::caller::Caller;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::batches::status::BatchRecord;
use crate::http::contract::responses::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::batch::{Batch, Counts, State as BatchState};

/// How often the database is polled; it shows the progress of all processes.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// After this time without events, a comment is sent to keep the connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Tells nginx not to buffer events.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A client that follows a batch, and what it has received.
struct Follower {
    app: Arc<App>,
    caller: Caller,
    id: String,
    last: Option<(BatchState, Counts)>,
    is_over: bool,
}

/// Reports the progress of a batch until it is finished.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, and
/// `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/events",
    operation_id = "followBatch",
    tag = "批次",
    summary = "跟踪批次",
    description = "以server-sent events报告进度：有变化时约每秒两次progress，结束时一次done，\
        数据均为批次的记录。结束后连接随即关闭；中断后重新连接即可。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "进度", body = ref("#/components/schemas/Event"), content_type = "text/event-stream"),
        NoBatch
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    let follower = Follower { app, caller, id, last: None, is_over: false };
    let sse = Sse::new(events(follower)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(X_ACCEL_BUFFERING, "no")], sse).into_response())
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(follower, async |mut follower| {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    })
}

impl Follower {
    /// The next event. Returns `None` after the last one, and when the server stops: the client then
    /// reconnects to another server.
    async fn next(&mut self) -> Option<Event> {
        while !self.is_over {
            if self.last.is_some() {
                tokio::select! {
                    () = sleep(POLL_INTERVAL) => {}
                    () = self.app.jobs.stopping.cancelled() => return None,
                }
            }
            match self.app.jobs.batch(&self.caller, &self.id).await {
                Ok(Some(batch)) if self.last != Some((batch.state, batch.counts)) => {
                    return Some(self.event(batch));
                }
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => {
                    tracing::warn!(?error, "the state of a followed batch could not be read");
                    return None;
                }
            }
        }
        None
    }

    fn event(&mut self, batch: Batch) -> Event {
        self.last = Some((batch.state, batch.counts));
        self.is_over = batch.has_ended();
        let name = if self.is_over { "done" } else { "progress" };
        let id = batch.counts.ended().to_string();
        let record = BatchRecord::new(batch, self.app.archive.now());
        // Strings and numbers always serialize.
        let data = serde_json::to_string(&record).unwrap_or_default();
        Event::default().event(name).id(id).data(data)
    }
}
