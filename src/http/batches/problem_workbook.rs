//! `GET /v1/batches/{id}/problems.xlsx`: the documents of a batch that became no filing, as a workbook to mend.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use crate::archive::error::ArchiveError;
use crate::generate::room::Reservation;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::NoBatch;
use crate::http::imports::{self, WORKBOOK};
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::import::ImportProblem;
use crate::import::workbook::write_units::{Missing, ToMend, to_mend};
use crate::jobs::batch::Batch;
use crate::jobs::ended_lines::{EndedLine, MOST_BYTES, MOST_LINES};
use crate::submission::bounds::Scan;

/// How many copies of the bodies exist while the workbook is written: as cells, in the sheets, and in the
/// file.
const COPIES: usize = 3;

/// The most characters of an issuer in the name of a document.
const ISSUER: usize = 60;

/// A line without a filing, and its body.
struct Line {
    ended: EndedLine,
    body: Result<Bytes, Missing>,
}

/// Returns the documents that became no filing, with the reasons.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `FilingProblem::Archive` if the
/// archive fails, `AccessError::TooManyConcurrent` if the caller's share of memory is used up, and
/// `Problem::Busy` if no memory is left or no permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/problems.xlsx",
    operation_id = "getBatchProblemsWorkbook",
    tag = "批次",
    summary = "批次中未能生成的（Excel）",
    description = "至今未能生成的各份，按批量模板写成Excel工作簿，并列原因，更正后可再次提交；至多1000份，内容合计约16 MiB。各份的内容保存到批次的problems_kept_until，此后和清除原因后只有原因。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "Excel工作簿", body = Vec<u8>, content_type = WORKBOOK),
        NoBatch
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    let mut memory = app.bodies.room().reservation(&caller.id);
    let lines = lines(&app, &batch, &mut memory).await?;
    let work = move || write(lines, memory);
    let workbook = app.previews.run(&caller.id, work).await??;
    Ok(imports::workbook("problems.xlsx", "未能生成的公文.xlsx", workbook))
}

/// The lines without a filing, with their bodies, for which memory is reserved.
async fn lines(app: &App, batch: &Batch, memory: &mut Reservation) -> Result<Vec<Line>, Problem> {
    let (mut found, mut bytes, mut after) = (Vec::new(), 0, 0);
    while found.len() < MOST_LINES {
        let lines = app.jobs.lines_without_filing(batch, after).await?;
        let Some(last) = lines.last() else { break };
        after = last.line;
        for ended in lines.into_iter().take(MOST_LINES - found.len()) {
            let body = match bytes < MOST_BYTES {
                true => body(app, &ended.body_sha256).await?,
                false => Err(Missing::NoRoom),
            };
            if let Ok(body) = &body {
                memory.try_grow(body.len().saturating_mul(COPIES))?;
                bytes += body.len();
            }
            found.push(Line { ended, body });
        }
    }
    Ok(found)
}

/// The body of a line, or why it is missing.
async fn body(app: &App, sha256: &str) -> Result<Result<Bytes, Missing>, Problem> {
    match app.archive.objects.get(sha256).await {
        Ok(body) => Ok(Ok(body)),
        Err(ArchiveError::Missing(_)) => Ok(Err(Missing::Removed)),
        Err(ArchiveError::Corrupt(_)) => Ok(Err(Missing::Damaged)),
        Err(error) => Err(error.into()),
    }
}

/// Writes the workbook. One submission exists at a time.
fn write(lines: Vec<Line>, mut memory: Reservation) -> Result<Vec<u8>, Problem> {
    let stored = || lines.iter().filter_map(|line| line.body.as_ref().ok());
    let bodies: usize = stored().map(Bytes::len).sum();
    // Until the last body is parsed, there are no sheets.
    let needed = bodies + stored().filter_map(|body| parsed_bytes(body)).max().unwrap_or_default();
    memory.try_grow(needed.saturating_sub(memory.units()))?;
    Ok(to_mend(lines.into_iter().map(document)).map_err(ImportProblem::Template)?)
}

/// The memory that a body takes when it is parsed; `None` if it exceeds a bound.
fn parsed_bytes(body: &[u8]) -> Option<usize> {
    let mut scan = Scan::default();
    scan.feed(body).ok().map(|()| scan.parsed_bytes())
}

/// A document is named by its first issuer and its line, which no other has.
fn document(Line { ended, body }: Line) -> ToMend {
    // A body that exceeds a bound would take more memory than is reserved.
    let parsed = |body: Bytes| parsed_bytes(&body).and_then(|_| serde_json::from_slice(&body).ok());
    let content: Result<Value, Missing> =
        body.and_then(|body| parsed(body).ok_or(Missing::Unreadable));
    let issuer = content.as_ref().ok();
    let issuer = issuer.and_then(|submission| submission["document"]["issuers"][0].as_str());
    let issuer: String = issuer.unwrap_or_default().chars().take(ISSUER).collect();
    let name = format!("{issuer}（第{}份）", ended.line);
    ToMend { name, content, reasons: reasons(ended.problem.as_deref().unwrap_or_default()) }
}

/// The sentences of a problem.
fn reasons(problem: &str) -> Vec<String> {
    let problem: Value = serde_json::from_str(problem).unwrap_or_default();
    let sentence = |error: &Value| error["detail"].as_str().map(str::to_owned);
    let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let reasons: Vec<String> = errors.iter().filter_map(sentence).collect();
    if reasons.is_empty() { sentence(&problem).into_iter().collect() } else { reasons }
}
