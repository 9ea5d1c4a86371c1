//! `POST /v1/batches`: receives a batch line by line.

use std::pin::pin;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{TryStreamExt, stream};
use sha2::{Digest, Sha256};

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::idempotency::Attempt;
use crate::archive::objects::{Objects, sha256};
use crate::generate::BODY_LIMIT;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::batches::ndjson::Lines;
use crate::http::batches::status::BatchRecord;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::bodies::HeldBody;
use crate::http::request::extract::{is_encoded, text};
use crate::http::request::idempotency::{IdempotencyKey, Once, fingerprint, run_once};
use crate::jobs::lines::{LINES_PER_QUERY, MAX_LINES};

const HONGTOU_WEBHOOK: HeaderName = HeaderName::from_static("hongtou-webhook");

/// How many lines are stored concurrently: storing a line takes longer than receiving the next.
const CONCURRENT_PUTS: usize = 8;

/// How many bytes of a quota are reserved at a time, so that few lines need a statement for it.
const RESERVED_AT_ONCE: i64 = 1 << 20;

/// How long stored lines may stay unrecorded; abandoned uploads are swept much later.
const RECORDED_AFTER_MS: i64 = 60_000;

/// A received batch.
struct Received {
    /// The number of lines.
    total: i64,
    /// The number of the last one.
    last: i64,
    /// A hash of the lines and their numbers.
    content: Vec<u8>,
}

/// Receives and queues a batch.
///
/// # Errors
/// Returns `BodyError` if the body is incomplete, `BatchProblem` if the body or the webhook address
/// is not accepted, `FilingProblem::QuotaUsed` if a quota is used up, `DraftProblem::ApprovalRequired` if the caller's filings need approved drafts, and
/// `FilingProblem::Archive` if the archive fails. No batch is created then.
#[utoipa::path(
    post,
    path = "/v1/batches",
    operation_id = "postBatch",
    tag = "批次",
    summary = "提交批次",
    description = description(),
    request_body(
        content = ref("#/components/schemas/Checkable"),
        content_type = "application/x-ndjson",
        description = "一行一份公文，各行同POST /v1/filings"
    ),
    params(
        (
            "Hongtou-Webhook" = Option<String>,
            Header,
            description = "批次结束时通知的https地址，按Standard Webhooks签名"
        ),
        (
            "Idempotency-Key" = Option<String>,
            Header,
            description = "由调用方选定，同一请求重发时不变；重发只回复原来的批次",
            pattern = r#"^([A-Za-z0-9!#$%&'*+.^_`|~:/=-]{1,255}|"([ !#-\[\]-~]|\\["\\]){1,255}"(;.*)?)$"#,
            example = "8e03978e-40d5-43e8-bc93-6894a57f9324"
        )
    ),
    responses(
        (
            status = 202,
            description = "已受理；Location为批次的地址",
            body = ref("#/components/schemas/BatchRecord"),
            headers(("Location" = String, description = "批次的地址"))
        ),
        (
            status = 400,
            description = "没有内容，或未收全，或Idempotency-Key格式不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 409,
            description = "同一请求正在处理",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 413,
            description = "行过长或过多",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 415,
            description = "不是NDJSON",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "通知地址不可用，或Idempotency-Key已用于其他请求",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    key: IdempotencyKey,
    request: Request,
) -> Result<Response, Problem> {
    if !is_ndjson(&request) || is_encoded(request.headers()) {
        return Err(BatchProblem::MediaType.into());
    }
    if app.access.requires_approval_of(&caller) {
        return Err(DraftProblem::ApprovalRequired.into());
    }
    let webhook = match request.headers().get(&HONGTOU_WEBHOOK) {
        Some(address) => {
            let address = address.to_str().unwrap_or_default();
            Some(app.jobs.webhooks.accept(address).await.map_err(BatchProblem::Webhook)?)
        }
        None => None,
    };
    let origin = RequestOrigin::of(request.extensions());
    let id = app.jobs.begin_batch(&caller, webhook.as_deref()).await?;
    let received = match receive(&app, &id, &caller, request.into_body()).await {
        Ok(received) => queue(&app, &id, received, key, &caller.id, origin).await,
        Err(problem) => Err(problem),
    };
    // Discard this batch unless the response is about it.
    if received.as_ref().ok() != Some(&id) {
        // If this fails, the sweep discards it later.
        if let Err(error) = app.jobs.discard_batch(&id).await {
            tracing::warn!(?error, "an incomplete upload is left to the sweep");
        }
    }
    accepted(&app, &caller, &received?).await
}

fn description() -> String {
    let limit_mib = BODY_LIMIT >> 20;
    format!(
        "一次提交多份公文，一行一份（NDJSON），逐行受理，不等待处理。\
        一行不超过{limit_mib} MiB，一批不超过{MAX_LINES}行，空行略过。各行单独处理，互不影响；\
        同一发文字号在一批中多次出现的，处理的先后不定。"
    )
}

/// Stores and records each line.
async fn receive(app: &App, id: &str, caller: &Caller, body: Body) -> Result<Received, Problem> {
    let lines = Lines::new(body, app.bodies.clone(), caller.id.clone());
    let reserved = Reserved { archive: app.archive.clone(), caller: caller.clone(), bytes: 0 };
    let lines = stream::try_unfold((lines, reserved), |(mut lines, mut reserved)| async move {
        let Some((number, line)) = lines.next().await? else {
            reserved.give_back().await?;
            return Ok::<_, Problem>(None);
        };
        reserved.take(line.len()).await?;
        Ok(Some(((number, line), (lines, reserved))))
    });
    let puts = lines.map_ok(|line| put(app.archive.objects.clone(), line));
    let mut puts = pin!(puts.try_buffered(CONCURRENT_PUTS));
    let (mut total, mut last, mut content) = (0, 0, Sha256::new());
    let (mut unrecorded, mut recorded_at) = (Vec::new(), app.archive.now());
    while let Some((number, sha256)) = puts.try_next().await? {
        total += 1;
        last = number;
        content.update(format!("{number} {sha256}\n"));
        unrecorded.push((number, sha256));
        let waits_ms = app.archive.now().0 - recorded_at.0;
        if unrecorded.len() >= LINES_PER_QUERY || waits_ms > RECORDED_AFTER_MS {
            app.jobs.add_lines(id, &unrecorded).await?;
            unrecorded.clear();
            recorded_at = app.archive.now();
        }
    }
    if total == 0 {
        return Err(BatchProblem::Empty.into());
    }
    app.jobs.add_lines(id, &unrecorded).await?;
    Ok(Received { total, last, content: content.finalize().to_vec() })
}

/// The part of a caller's quota that is reserved for the lines of an upload.
struct Reserved {
    archive: Archive,
    caller: Caller,
    /// What the next lines may take.
    bytes: i64,
}

impl Reserved {
    /// Takes the bytes of a line, and reserves more if needed.
    ///
    /// # Errors
    /// Returns `FilingProblem::QuotaUsed` if too much was uploaded in the last day, and
    /// `FilingProblem::Archive` if the database fails.
    async fn take(&mut self, line: usize) -> Result<(), Problem> {
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        if line > self.bytes {
            let mut more = RESERVED_AT_ONCE.max(line - self.bytes);
            if self.archive.reserve_upload(&self.caller, more).await?.is_err() {
                // What is left of the quota may be enough for this line.
                more = line - self.bytes;
                self.archive.reserve_upload(&self.caller, more).await??;
            }
            self.bytes += more;
        }
        self.bytes -= line;
        Ok(())
    }

    /// Gives back what no line took.
    async fn give_back(self) -> Result<(), Problem> {
        Ok(self.archive.reserve_upload(&self.caller, -self.bytes).await??)
    }
}

/// Stores a line. Its memory stays reserved until it is stored.
async fn put(objects: Objects, (number, line): (i64, HeldBody)) -> Result<(i64, String), Problem> {
    let (line, sha256) = line.hash().await?.into_parts();
    objects.put_hashed(&sha256, line.into_bytes()).await?;
    Ok((number, sha256))
}

/// Queues a batch, or finds the one an earlier request with the same key created. Returns its id.
async fn queue(
    app: &Arc<App>,
    id: &str,
    received: Received,
    key: IdempotencyKey,
    caller: &str,
    origin: RequestOrigin,
) -> Result<String, Problem> {
    let Received { total, last, content } = received;
    let (jobs, id) = (app.jobs.clone(), id.to_owned());
    let owner = caller.to_owned();
    let work = |attempt: Option<Attempt>| async move {
        jobs.queue_batch(&id, (total, last), origin.actor(&owner), attempt.as_ref()).await?;
        Ok((id.clone(), id))
    };
    let fingerprint = fingerprint("POST /v1/batches", &sha256(&content));
    Ok(match run_once(app, caller, key, &fingerprint, work).await? {
        Once::Now(id) | Once::Before(id) => id,
    })
}

async fn accepted(app: &App, caller: &Caller, id: &str) -> Result<Response, Problem> {
    let batch = app.jobs.batch(caller, id).await?.ok_or(BatchProblem::Unknown)?;
    let location = [(header::LOCATION, format!("/v1/batches/{id}"))];
    let record = BatchRecord::new(batch, app.archive.now());
    Ok((StatusCode::ACCEPTED, location, Json(record)).into_response())
}

/// Whether the type is NDJSON, with no charset but UTF-8.
fn is_ndjson(request: &Request) -> bool {
    let content_type = text(request.headers(), &header::CONTENT_TYPE).unwrap_or_default();
    let content_type = content_type.to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let names = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
    names.contains(&parts.next().unwrap_or_default())
        && parts
            .filter_map(|parameter| parameter.strip_prefix("charset="))
            .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"))
}
