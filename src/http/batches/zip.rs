//! `GET /v1/batches/{id}/archive.zip`: the PDFs of a batch and a manifest, written as they are read.

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
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio_util::compat::FuturesAsyncWriteCompatExt;
use tokio_util::io::ReaderStream;

use crate::document::moment::Moment;
use crate::generate::names::Names;
use crate::http::access::caller::Asking;
use crate::http::app::App;
use crate::http::contract::answers::NoBatch;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobsError;
use crate::jobs::lines::EndedLine;

/// What is written and not sent yet, beside one PDF.
const BUFFER: usize = 64 << 10;

/// A line of the manifest.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    line: i64,
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filing: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a RawValue>,
}

/// Why an archive was not written to its end.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Jobs(#[from] JobsError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Zip(#[from] async_zip::error::ZipError),
}

/// Gives the files of a batch that is over.
///
/// # Errors
/// No such batch, one that runs, or a database that fails.
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
    Asking(caller): Asking,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let batch = app.jobs.batch(&caller, &id).await?.ok_or(BatchProblem::Unknown)?;
    if !batch.is_over() {
        return Err(BatchProblem::Running.into());
    }
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"batch-{id}.zip\"")),
    ];
    let (writer, reader) = duplex(BUFFER);
    // Ends by itself when the client goes away: then nobody reads.
    let written = tokio::spawn(async move { write(&app, &batch, writer).await });
    // An archive that is not whole must not look as if it were: its answer breaks off.
    let end = stream::once(written).filter_map(async |written| match written {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(?error, "the archive of a batch broke off");
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
    let mut names = Names::default();
    let mut behind = 0;
    loop {
        let lines = app.jobs.lines(batch, behind).await?;
        let Some(last) = lines.last() else { break };
        behind = last.line;
        for line in &lines {
            let (Some(file), Some(filing)) = (file_name(&mut names, line), &line.filing) else {
                continue;
            };
            let pdf = app.archive.objects.get(&filing.pdf_sha256).await;
            zip.write_entry_whole(entry(&file), &pdf.map_err(JobsError::from)?).await?;
        }
    }
    let mut manifest = zip.write_entry_stream(entry("manifest.ndjson")).await?.compat_write();
    let mut names = Names::default();
    let mut behind = 0;
    loop {
        let lines = app.jobs.lines(batch, behind).await?;
        let Some(last) = lines.last() else { break };
        behind = last.line;
        for line in &lines {
            let file = file_name(&mut names, line);
            manifest.write_all(&described(line, file.as_deref())).await?;
        }
    }
    manifest.into_inner().close().await?;
    zip.close().await?.into_inner().shutdown().await?;
    Ok(())
}

/// The name of a line's file, where it has one. Names are given in the order of the lines.
fn file_name(names: &mut Names, line: &EndedLine) -> Option<String> {
    let filing = line.filing.as_ref()?;
    let number = usize::try_from(line.line).unwrap_or_default();
    Some(names.give(&filing.document_number, number).file)
}

fn described(line: &EndedLine, file: Option<&str>) -> Vec<u8> {
    let filing = line.filing.as_ref();
    let entry = Entry {
        line: line.line,
        state: &line.state,
        file,
        filing: filing.map(|filing| filing.id.as_str()),
        document_number: filing.map(|filing| filing.document_number.as_str()),
        sha256: filing.map(|filing| filing.pdf_sha256.as_str()),
        pages: filing.map(|filing| filing.pages),
        // What was written as JSON is read as JSON.
        problem: line.problem.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    };
    // Strings and numbers alone always serialize.
    let mut described = serde_json::to_vec(&entry).unwrap_or_default();
    described.push(b'\n');
    described
}

/// The date of every entry: that of the batch, so that the same batch gives the same bytes.
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
