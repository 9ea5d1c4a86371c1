//! `GET /v1/batches/{id}/events`: how far a batch is, as it goes on (server-sent events).

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
use crate::http::access::caller::Asking;
use crate::http::app::App;
use crate::http::batches::status::BatchRecord;
use crate::http::contract::answers::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::batch::{Batch, Counts, State as BatchState};

/// How often the database is asked, which is where the work of every process shows.
const LOOK: Duration = Duration::from_millis(500);

/// Silence after which a comment shows that the connection stands.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Nginx would keep events back until a buffer is full.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What has been told, and to whom.
struct Told {
    app: Arc<App>,
    caller: Caller,
    id: String,
    last: Option<(BatchState, Counts)>,
    over: bool,
}

/// Tells how far a batch is until it is over.
///
/// # Errors
/// No such batch, or a database that fails.
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
    Asking(caller): Asking,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    let told = Told { app, caller, id, last: None, over: false };
    let sse = Sse::new(events(told)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(X_ACCEL_BUFFERING, "no")], sse).into_response())
}

fn events(told: Told) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(told, async |mut told| {
        let event = told.next().await?;
        Some((Ok(event), told))
    })
}

impl Told {
    /// The next event; none behind the last, and none when the server stops: the client then asks
    /// whichever server is there.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            if self.last.is_some() {
                tokio::select! {
                    () = sleep(LOOK) => {}
                    () = self.app.jobs.stopping.cancelled() => return None,
                }
            }
            match self.app.jobs.batch(&self.caller, &self.id).await {
                Ok(Some(batch)) if self.last != Some((batch.state, batch.counts)) => {
                    return Some(self.tell(batch));
                }
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => {
                    tracing::warn!(?error, "a batch that is followed cannot be read");
                    return None;
                }
            }
        }
        None
    }

    fn tell(&mut self, batch: Batch) -> Event {
        self.last = Some((batch.state, batch.counts));
        self.over = batch.is_over();
        let name = if self.over { "done" } else { "progress" };
        let id = batch.counts.ended().to_string();
        let record = BatchRecord::new(batch, self.app.archive.now());
        // Strings and numbers alone always serialize.
        let data = serde_json::to_string(&record).unwrap_or_default();
        Event::default().event(name).id(id).data(data)
    }
}
