//! `GET /v1/batches/{id}/problems.xlsx`: the documents of a batch that became no filing, as a workbook to mend.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::NoBatch;
use crate::http::imports::{self, WORKBOOK};
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::import::ImportProblem;
use crate::import::workbook::write_units::{ToMend, to_mend};
use crate::jobs::batch::Batch;
use crate::jobs::ended_lines::EndedLine;

/// The most documents in a workbook.
const DOCUMENTS: usize = 1_000;

/// The most bytes of their bodies: a workbook takes some times as much memory.
const BYTES: usize = 32 << 20;

/// Returns the documents that became no filing, with the reasons.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `FilingProblem::Archive` if the
/// database fails, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/problems.xlsx",
    operation_id = "getBatchProblemsWorkbook",
    tag = "批次",
    summary = "批次中未能生成的（Excel）",
    description = "至今未能生成的各份，按批量模板写成Excel工作簿，并列原因，更正后可再次提交；至多1000份。批次结束一天以后，只有原因。",
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
    let documents = documents(&app, &batch).await?;
    let work = move || to_mend(&documents);
    let workbook = app.previews.run(&caller.id, work).await?.map_err(ImportProblem::Template)?;
    Ok(imports::workbook("problems.xlsx", "未能生成的公文.xlsx", workbook))
}

async fn documents(app: &App, batch: &Batch) -> Result<Vec<ToMend>, Problem> {
    let (mut documents, mut bytes, mut after) = (Vec::new(), 0, 0);
    while documents.len() < DOCUMENTS {
        let lines = app.jobs.lines_without_filing(batch, after).await?;
        let Some(last) = lines.last() else { break };
        after = last.line;
        for line in lines.into_iter().take(DOCUMENTS - documents.len()) {
            // A body that is removed or would take too much memory leaves its reasons.
            let body = match bytes < BYTES {
                true => app.archive.objects.get(&line.body_sha256).await.ok(),
                false => None,
            };
            bytes += body.as_ref().map_or(0, bytes::Bytes::len);
            let submission = body.and_then(|body| serde_json::from_slice(&body).ok());
            documents.push(document(&line, submission));
        }
    }
    Ok(documents)
}

/// A document is named by its first issuer and its line, which no other has.
fn document(line: &EndedLine, submission: Option<Value>) -> ToMend {
    let issuer = submission
        .as_ref()
        .and_then(|submission| submission["document"]["issuers"][0].as_str())
        .unwrap_or_default();
    let name = format!("{issuer}（第{}份）", line.line);
    ToMend { name, reasons: reasons(line.problem.as_deref().unwrap_or_default()), submission }
}

/// The sentences of a problem.
fn reasons(problem: &str) -> Vec<String> {
    let problem: Value = serde_json::from_str(problem).unwrap_or_default();
    let sentence = |error: &Value| error["detail"].as_str().map(str::to_owned);
    let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let reasons: Vec<String> = errors.iter().filter_map(sentence).collect();
    if reasons.is_empty() { sentence(&problem).into_iter().collect() } else { reasons }
}
