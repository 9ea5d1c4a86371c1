//! `GET /v1/batches/{id}/archive.zip`: streams the PDFs of a batch and their manifest.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use tokio::io::duplex;
use tokio_util::io::ReaderStream;

use crate::archive::error::ArchiveError;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::batches::zip_parts::{ZipError, ZipPlan};
use crate::http::contract::responses::{Conditional, NoBatch, OutOfRange, ZipFile};
use crate::http::filings::read::record_read;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::request::file_head::{FileHead, file_head};

/// How many bytes of the ZIP are buffered, in addition to one PDF.
const BUFFER: usize = 64 << 10;

const ZIP: HeaderValue = HeaderValue::from_static("application/zip");

/// Returns the files of a finished batch.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `BatchProblem::Running` if
/// it is not finished, `FilingProblem::PreconditionFailed` if `If-Match` does not match, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/archive.zip",
    operation_id = "getBatchArchive",
    tag = "批次",
    summary = "下载批次",
    description = "批次结束后，全部PDF（以发文字号命名，同名的另加行号）和清单manifest.ndjson；\
        清单逐行列明文件、SHA-256、页数，未生成的列明原因。\
        同一批次的文件每次相同，支持条件请求和单一范围（Range），下载中断后可以续传。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        ZipFile,
        NoBatch,
        Conditional,
        OutOfRange,
        (
            status = 409,
            description = "批次尚未结束",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    method: Method,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    if !batch.has_ended() {
        return Err(BatchProblem::Running.into());
    }
    let plan = ZipPlan::of(&app, &batch).await.map_err(problem)?;
    let disposition = format!("attachment; filename=\"batch-{id}.zip\"");
    let head = file_head(&method, &headers, &plan.sha256, plan.bytes, disposition)?;
    let FileHead::Body { range, mut response } = head else { return Ok(head.into_response()) };
    response.headers_mut().insert(header::CONTENT_TYPE, ZIP);
    if method == Method::HEAD {
        return Ok(response);
    }
    record_read(&app, origin.actor(&caller.id), &format!("{id} batch")).await;
    let (writer, reader) = duplex(BUFFER);
    // Ends when the client disconnects, since the reader is dropped then.
    let written = tokio::spawn(async move { plan.write(&app, &batch, range, writer).await });
    // An incomplete ZIP must not look complete, so the response breaks off.
    let end = stream::once(written).filter_map(async |written| match written {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(?error, "the ZIP of a batch could not be sent completely");
            Some(Err(io::Error::other(error)))
        }
        Err(error) => Some(Err(io::Error::other(error))),
    });
    *response.body_mut() = Body::from_stream(ReaderStream::new(reader).chain(end));
    Ok(response)
}

/// The problem if a ZIP cannot be planned.
fn problem(error: ZipError) -> Problem {
    match error {
        ZipError::Jobs(error) => error.into(),
        // Nothing is written yet, so this is a damaged record.
        ZipError::Io(_) | ZipError::Json(_) => ArchiveError::InvalidRecord("batch_lines").into(),
    }
}
