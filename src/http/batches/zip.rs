//! `GET /v1/batches/{id}/archive.zip`: streams the PDFs of a batch and their manifest.

use std::io;
use std::sync::Arc;

use async_zip::tokio::write::ZipFileWriter;
use async_zip::{Compression, ZipDateTime, ZipDateTimeBuilder, ZipEntryBuilder, ZipString};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, Timelike};
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio_util::compat::FuturesAsyncWriteCompatExt;
use tokio_util::io::ReaderStream;

use crate::document::moment::Moment;
use crate::generate::file_names::{FileName, FileNames};
use crate::generate::manifest::{Entry, ListedFile};
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobsError;
use crate::jobs::lines::EndedLine;

/// How many bytes of the ZIP are buffered, in addition to one PDF.
const BUFFER: usize = 64 << 10;

/// Why a ZIP is incomplete.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Jobs(#[from] JobsError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("a stored problem or warning is not JSON")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Zip(#[from] async_zip::error::ZipError),
}

/// Returns the files of a finished batch.
///
/// # Errors
/// Returns `BatchProblem::Unknown` if the caller may see no such batch, `BatchProblem::Running` if
/// it is not finished, and `FilingProblem::Archive` if the database fails.
#[utoipa::path(
    get,
    path = "/v1/batches/{id}/archive.zip",
    operation_id = "getBatchArchive",
    tag = "批次",
    summary = "下载批次",
    description = "批次结束后，全部PDF（以发文字号命名，同名的另加行号）和清单manifest.ndjson；\
        清单逐行列明文件、SHA-256、页数，未生成的列明原因。",
    params(("id" = String, Path, description = "批次编号")),
    responses(
        (status = 200, description = "ZIP文件", body = Vec<u8>, content_type = "application/zip"),
        NoBatch,
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
) -> Result<Response, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    if !batch.has_ended() {
        return Err(BatchProblem::Running.into());
    }
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"batch-{id}.zip\"")),
    ];
    let (writer, reader) = duplex(BUFFER);
    // Ends when the client disconnects, since the reader is dropped then.
    let written = tokio::spawn(async move { write(&app, &batch, writer).await });
    // An incomplete ZIP must not look complete, so the response breaks off.
    let end = stream::once(written).filter_map(async |written| match written {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(?error, "the ZIP of a batch could not be sent completely");
            Some(Err(io::Error::other(error)))
        }
        Err(error) => Some(Err(io::Error::other(error))),
    });
    let body = Body::from_stream(ReaderStream::new(reader).chain(end));
    Ok((headers, body).into_response())
}

async fn write(app: &App, batch: &Batch, writer: DuplexStream) -> Result<(), WriteError> {
    let date = date(batch.created_at);
    let entry = |name: &str| {
        ZipEntryBuilder::new(ZipString::from(name), Compression::Stored)
            .last_modification_date(date)
            .unix_permissions(0o644)
            .build()
    };
    let mut zip = ZipFileWriter::with_tokio(writer);
    let mut names = FileNames::default();
    let mut last_line = 0;
    loop {
        let lines = app.jobs.lines(batch, last_line).await?;
        let Some(last) = lines.last() else { break };
        last_line = last.line;
        for line in &lines {
            let (Some(name), Some(filing)) = (file_name(&mut names, line), &line.filing) else {
                continue;
            };
            let pdf = app.archive.objects.get(&filing.pdf_sha256).await;
            zip.write_entry_whole(entry(&name.file), &pdf.map_err(JobsError::from)?).await?;
        }
    }
    let mut manifest = zip.write_entry_stream(entry("manifest.ndjson")).await?.compat_write();
    let mut names = FileNames::default();
    let mut last_line = 0;
    loop {
        let lines = app.jobs.lines(batch, last_line).await?;
        let Some(last) = lines.last() else { break };
        last_line = last.line;
        for line in &lines {
            let name = file_name(&mut names, line);
            manifest.write_all(&manifest_line(line, name.as_ref())?).await?;
        }
    }
    manifest.into_inner().close().await?;
    zip.close().await?.into_inner().shutdown().await?;
    Ok(())
}

/// Names the file of a line, if it has one. Lines must come in order.
fn file_name(names: &mut FileNames, line: &EndedLine) -> Option<FileName> {
    let filing = line.filing.as_ref()?;
    Some(names.assign(&filing.document_number, line_number(line)))
}

/// The line of the manifest for a line of the batch.
fn manifest_line(line: &EndedLine, name: Option<&FileName>) -> Result<Vec<u8>, WriteError> {
    let filing = line.filing.as_ref();
    let warnings = filing.map(|filing| serde_json::from_str(&filing.warnings)).transpose()?;
    let file = filing.zip(warnings).zip(name).map(|((filing, warnings), name)| ListedFile {
        file: &name.file,
        filing: Some(&filing.id),
        document_number: &filing.document_number,
        pages: usize::try_from(filing.pages).unwrap_or_default(),
        sha256: &filing.pdf_sha256,
        warnings,
        same_number_as_line: name.first_line,
    });
    let problem = line.problem.as_deref().map(serde_json::from_str).transpose()?;
    let entry = Entry { line: line_number(line), state: &line.state, file, column: None, problem };
    Ok(entry.to_line())
}

fn line_number(line: &EndedLine) -> usize {
    usize::try_from(line.line).unwrap_or_default()
}

/// All entries have the date of the batch, so that a batch always has the same ZIP.
fn date(moment: Moment) -> ZipDateTime {
    let time = DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
    ZipDateTimeBuilder::new()
        .year(time.year())
        .month(time.month())
        .day(time.day())
        .hour(time.hour())
        .minute(time.minute())
        .second(time.second())
        .build()
}
