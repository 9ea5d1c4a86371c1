//! `GET /v1/batches/{id}/problems`: the lines of a batch that became no filing, and why.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::IntoParams;

use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::ended_lines::EndedLine;
use crate::jobs::lines::LINES_PER_QUERY;

/// The query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LineQuery {
    /// 上一页的`next`；不给则从头列出。
    after: Option<i64>,
}

/// A page of the list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "未能生成的行，按行号，分页列出")]
pub struct ProblemLines {
    #[schemars(description = "各行")]
    lines: Vec<ProblemLine>,
    #[schemars(description = "下一页的after；没有下一页时为null")]
    next: Option<i64>,
}

/// A line without a filing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "未能生成的一行")]
struct ProblemLine {
    #[schemars(description = "行号，从1起")]
    line: i64,
    #[schemars(description = "refused不符合规定，failed未能完成")]
    state: String,
    #[schemars(with = "serde_json::Value", description = "原因，同单独提交时的回复（RFC 9457）")]
    problem: Box<RawValue>,
}

/// Lists the lines that were refused or failed so far.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `Problem::Query` if the
/// query is invalid, and `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/problems",
    operation_id = "listBatchProblems",
    tag = "批次",
    summary = "批次中未能生成的",
    description = "至今未能生成的各行及原因，按行号，分页列出。",
    params(("id" = String, Path, description = "批次编号"), LineQuery),
    responses(
        (status = 200, description = "一页", body = ref("#/components/schemas/ProblemLines")),
        NoBatch
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    query: Result<Query<LineQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<ProblemLines>, Problem> {
    let bad = |_| Problem::Query("查询条件只有after，为行号。".to_owned());
    let Query(LineQuery { after }) = query.map_err(bad)?;
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    let lines = app.jobs.lines_without_filing(&batch, after.unwrap_or(0)).await?;
    // A full page may be the last one; the next is empty then.
    let is_full = lines.len() == LINES_PER_QUERY;
    let next = lines.last().map(|line| line.line).filter(|_| is_full);
    Ok(Json(ProblemLines { lines: lines.into_iter().filter_map(problem_line).collect(), next }))
}

/// A line of the list. Returns `None` if its problem is not stored as JSON, which never happens.
fn problem_line(line: EndedLine) -> Option<ProblemLine> {
    let problem = RawValue::from_string(line.problem?).ok()?;
    Some(ProblemLine { line: line.line, state: line.state, problem })
}
