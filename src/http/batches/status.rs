//! `/v1/batches`: lists, describes and cancels batches.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::IntoParams;

use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::batch::{Batch, Counts, MAX_PAGE_LENGTH, State as BatchState};

/// The record of a batch.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "批次的记录")]
pub struct BatchRecord {
    #[schemars(description = "批次编号")]
    id: String,
    #[schemars(description = "queued待处理，running处理中，done已完成，cancelled已取消")]
    state: BatchState,
    #[schemars(with = "String", description = "提交时间")]
    created_at: Moment,
    #[schemars(with = "Option<String>", description = "开始处理的时间")]
    started_at: Option<Moment>,
    #[schemars(with = "Option<String>", description = "完成或取消的时间")]
    finished_at: Option<Moment>,
    #[schemars(
        with = "Option<String>",
        description = "未能生成的各份的内容保存到这一时间，此前problems.xlsx中有内容，此后只有原因；批次结束以前为null"
    )]
    problems_kept_until: Option<Moment>,
    #[schemars(description = "公文总数（空行不计）")]
    total: i64,
    /// Omitted in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "各状态的公文数；列表中不含")]
    counts: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "number_or_null", description = "每秒处理的公文数")]
    lines_per_second: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "预计尚需的秒数")]
    seconds_left: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "通知的情况")]
    webhook: Option<WebhookRecord>,
}

/// The state of a batch's webhook.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "批次结束时的通知")]
pub struct WebhookRecord {
    #[schemars(description = "通知地址的主机；地址其余部分不予显示")]
    host: String,
    #[schemars(description = "waiting待送达，delivered已送达，given_up已放弃")]
    state: String,
    #[schemars(description = "已尝试的次数")]
    attempts: i64,
    #[schemars(description = "最近一次得到的HTTP状态码")]
    last_status: Option<i64>,
}

/// A page of the list of batches.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "批次列表的一页，最新的在前")]
pub struct BatchPage {
    #[schemars(description = "批次")]
    batches: Vec<BatchRecord>,
    #[schemars(description = "下一页的游标；没有下一页时为null")]
    next: Option<String>,
}

/// The query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 上一页的`next`。
    cursor: Option<String>,
    /// 一页的批次数，1至100，默认100。
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

fn number_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["number", "null"] })
}

impl BatchRecord {
    /// The record of a batch with its counts, at this time.
    pub fn new(batch: Batch, now: Moment) -> Self {
        let ended = batch.counts.ended() - batch.counts.cancelled;
        let until = batch.finished_at.unwrap_or(now);
        // Without a rate if the clock was set back.
        let worked_ms = batch.started_at.map(|started| until.0 - started.0).filter(|ms| *ms > 0);
        let running = batch.state == BatchState::Running && ended > 0;
        Self {
            lines_per_second: worked_ms.map(|ms| tenths(ended * 10_000 / ms)),
            seconds_left: worked_ms
                .filter(|_| running)
                .map(|ms| (batch.counts.waiting * ms / ended + 999) / 1000),
            counts: Some(batch.counts),
            ..Self::listed(batch)
        }
    }

    /// The record of a batch without its counts.
    fn listed(batch: Batch) -> Self {
        let problems_kept_until = batch.bodies_kept_until();
        let webhook = batch.webhook.map(|webhook| WebhookRecord {
            host: webhook.host(),
            state: webhook.state,
            attempts: webhook.attempts,
            last_status: webhook.last_status,
        });
        Self {
            id: batch.id,
            state: batch.state,
            created_at: batch.created_at,
            started_at: batch.started_at,
            finished_at: batch.finished_at,
            problems_kept_until,
            total: batch.total,
            counts: None,
            lines_per_second: None,
            seconds_left: None,
            webhook,
        }
    }
}

/// This many tenths as an exact number.
fn tenths(tenths: i64) -> Number {
    let digits = format!("{}.{}", tenths / 10, tenths % 10);
    serde_json::from_str(&digits).unwrap_or_else(|_| Number::from(tenths / 10))
}

/// Returns the record of a batch.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, and
/// `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}",
    operation_id = "getBatch",
    tag = "批次",
    summary = "查询批次",
    description = "批次的状态、各状态的公文数、速度和预计尚需的时间。没有read角色的，只能看到自己提交的批次。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "批次的记录", body = ref("#/components/schemas/BatchRecord")),
        NoBatch
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
) -> Result<Json<BatchRecord>, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    Ok(Json(BatchRecord::new(batch, app.archive.now())))
}

/// Lists batches, newest first.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, and `FilingProblem::Archive` if the database
/// fails.
#[utoipa::path(
    get,
    path = "/v1/batches",
    operation_id = "listBatches",
    tag = "批次",
    summary = "列出批次",
    description = "可见的批次，最新的在前，分页列出。没有read角色的，只列出自己提交的。",
    params(PageQuery),
    responses(
        (status = 200, description = "一页批次", body = ref("#/components/schemas/BatchPage")),
        (
            status = 400,
            description = "查询参数有误",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    query: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<BatchPage>, Problem> {
    let Query(PageQuery { cursor, limit }) = query.map_err(|_| bad_query())?;
    let limit = limit.unwrap_or(MAX_PAGE_LENGTH);
    if !(1..=MAX_PAGE_LENGTH).contains(&limit) {
        return Err(bad_query());
    }
    let batches = app.jobs.batches(&caller, cursor.as_deref(), limit).await?;
    // A full page may be the last one; the next is empty then.
    let is_full = i64::try_from(batches.len()).is_ok_and(|n| n == limit);
    let next = batches.last().filter(|_| is_full).map(|batch| batch.id.clone());
    Ok(Json(BatchPage { batches: batches.into_iter().map(BatchRecord::listed).collect(), next }))
}

fn bad_query() -> Problem {
    Problem::Query("cursor应为上一页的next，limit应为1至100。".to_owned())
}

/// Cancels the lines of a batch that have not started; stored filings stay.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `BatchProblem::Done` if it
/// is finished, and `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    delete,
    path = "/v1/batches/{id}",
    operation_id = "cancelBatch",
    tag = "批次",
    summary = "取消批次",
    description = "尚未处理的公文不再处理，已生成的保留。已取消的批次可再次取消。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "批次的记录", body = ref("#/components/schemas/BatchRecord")),
        NoBatch,
        (
            status = 409,
            description = "批次已完成",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn cancel(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<Json<BatchRecord>, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    app.jobs.cancel_batch(&batch, origin.actor(&caller.id)).await?;
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    if batch.state == BatchState::Done {
        return Err(BatchProblem::Done.into());
    }
    Ok(Json(BatchRecord::new(batch, app.archive.now())))
}

/// Removes what the problems of a batch quote from its lines.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `BatchProblem::Running` if it
/// is not finished, and `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    delete,
    path = "/v1/batches/{id}/problems",
    operation_id = "clearBatchProblems",
    tag = "批次",
    summary = "清除未生成的原因",
    description = "批次结束后，清除未生成各行的原因中引用的文字（如个人信息），并不再保存其内容（提交一天后删除）；\
        各行的状态和已生成的公文不变。不清除的，内容在批次结束30天后自动删除。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "批次的记录", body = ref("#/components/schemas/BatchRecord")),
        NoBatch,
        (
            status = 409,
            description = "批次尚未结束",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn clear(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<Json<BatchRecord>, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    if !batch.has_ended() {
        return Err(BatchProblem::Running.into());
    }
    app.jobs.clear_problems(&batch, origin.actor(&caller.id)).await?;
    Ok(Json(BatchRecord::new(batch, app.archive.now())))
}

#[cfg(test)]
mod tests {
    use super::tenths;

    #[test]
    fn a_rate_keeps_one_decimal() {
        for (given, expected) in [(0, "0.0"), (5, "0.5"), (374, "37.4"), (1000, "100.0")] {
            assert_eq!(tenths(given).to_string(), expected);
        }
    }
}
