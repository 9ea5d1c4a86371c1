//! `GET /v1/filings/{id}` and its files `…/pdf`, `…/source` and `…/word`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;

use crate::archive::access::caller::Caller;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::filings::records::FilingRecord;
use crate::archive::id::Id;
use crate::archive::objects::Object;
use crate::document::moment::Moment;
use crate::generate::{GenerateError, word_copy};
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{
    Conditional, Destroyed, NoFiling, OutOfRange, PdfFile, SourceFile,
};
use crate::http::filings::disposition::attachment;
use crate::http::filings::record::Record;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::problem::retention::RetentionProblem;
use crate::http::request::extract::FilingId;
use crate::http::request::file_head::{FileHead, file_head};

/// A kind of file of a filing.
pub(crate) struct FileKind {
    /// The media type.
    pub(crate) media_type: &'static str,
    /// How the file name ends.
    pub(crate) ending: &'static str,
    /// Its name in the audit trail.
    pub(crate) name: &'static str,
}

/// How far apart the entries of one reader of pages are. A reader who scrolls asks for pages again and
/// again.
pub(crate) const PAGES_APART: Duration = Duration::from_secs(10 * 60);

/// The media type of Word files.
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const PDF: FileKind = FileKind { media_type: "application/pdf", ending: ".pdf", name: "pdf" };
const SOURCE: FileKind =
    FileKind { media_type: "application/json", ending: ".json", name: "source" };

/// Returns the record of a filing.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing,
/// `FilingProblem::PreconditionFailed` if `If-Match` does not match, and `FilingProblem::Archive`
/// if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}",
    operation_id = "getFiling",
    tag = "公文",
    summary = "公文的记录",
    description = "按编号给出一件公文的记录。",
    params(FilingId),
    responses(
        (
            status = 200,
            description = "公文的记录；ETag为其内容的SHA-256",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        NoFiling,
        Conditional
    )
)]
pub async fn record(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Record::of(&find_named(&app, &caller, &id).await?)?.respond(&headers)
}

/// Returns the PDF of a filing.
///
/// # Errors
/// As `record`; also `FilingProblem::Archive` if the stored file is damaged.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/pdf",
    operation_id = "getFilingPdf",
    tag = "公文",
    summary = "公文的PDF",
    description = "给出生成的PDF，未经签署。支持条件请求和单一范围（Range）。",
    params(FilingId),
    responses(PdfFile, NoFiling, Destroyed, Conditional, OutOfRange)
)]
pub async fn pdf(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    method: Method,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filed = find_named(&app, &caller, &id).await?;
    send_file(&app, &method, &headers, &filed, &filed.pdf, &PDF, origin.actor(&caller.id)).await
}

/// Returns the canonical JSON a filing was generated from.
///
/// # Errors
/// As `pdf`.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/source",
    operation_id = "getFilingSource",
    tag = "公文",
    summary = "公文的来源",
    description = "给出生成公文所据的JSON，已规范化（RFC 8785）。支持条件请求和单一范围（Range）。",
    params(FilingId),
    responses(SourceFile, NoFiling, Destroyed, Conditional, OutOfRange)
)]
pub async fn source(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    method: Method,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filed = find_named(&app, &caller, &id).await?;
    send_file(&app, &method, &headers, &filed, &filed.source, &SOURCE, origin.actor(&caller.id))
        .await
}

/// Returns the Word copy of a filing, made from its source. It is not stored.
///
/// # Errors
/// As `record`; also `RetentionProblem::Destroyed` if the source is destroyed, `FilingProblem::NoWordCopy`
/// if the rules of this version refuse it, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/word",
    operation_id = "getFilingWord",
    tag = "公文",
    summary = "公文的Word副本",
    description = "给出文字、样式与公文相同的Word文件（.docx），供编辑后另行使用；正式公文以PDF为准。每次由公文的来源生成，不保存。",
    params(FilingId),
    responses(
        (status = 200, description = "Word文件", body = Vec<u8>, content_type = WORD),
        NoFiling,
        (
            status = 409,
            description = "公文由较早的版本生成，其内容不符合现行规定",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        Destroyed
    )
)]
pub async fn word(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    method: Method,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let filed = find_named(&app, &caller, &id).await?;
    check_exists(&filed)?;
    let name = attachment(&filed.document_number, filed.year, filed.serial, ".docx");
    let headers = [(header::CONTENT_TYPE, WORD.to_owned()), (header::CONTENT_DISPOSITION, name)];
    if method == Method::HEAD {
        return Ok(headers.into_response());
    }
    let source = app.archive.objects.get(&filed.source.sha256).await?;
    let typesetters = app.generator.typesetters();
    let chosen = typesetters.of_agency(&app.archive, Some(filed.lead_issuer())).await?;
    let work = move || word_copy(&source, chosen.typesetter());
    let copy = match app.previews.run(&caller.id, work).await? {
        Ok(copy) => copy,
        Err(error @ GenerateError::Render(_)) => return Err(error.into()),
        Err(GenerateError::Unreadable(_) | GenerateError::Refused(_)) => {
            return Err(FilingProblem::NoWordCopy.into());
        }
    };
    record_read(&app, origin.actor(&caller.id), &format!("{} word", filed.id)).await;
    Ok((headers, copy).into_response())
}

/// Finds a filing that the caller may see; others count as missing.
pub(crate) async fn find_filing(
    app: &App,
    caller: &Caller,
    id: &Id,
) -> Result<FilingRecord, Problem> {
    app.archive.filing(caller, id).await?.ok_or(Problem::NotFound)
}

/// Finds a filing that names the caller's agency, also one that the agency has not confirmed, which it
/// must be able to read before it does.
pub(crate) async fn find_named(
    app: &App,
    caller: &Caller,
    id: &Id,
) -> Result<FilingRecord, Problem> {
    app.archive.filing_naming(caller, id).await?.ok_or(Problem::NotFound)
}

/// Refuses a filing whose files are destroyed.
pub(crate) fn check_exists(filing: &FilingRecord) -> Result<(), Problem> {
    match filing.disposal {
        None => Ok(()),
        Some(_) => Err(RetentionProblem::Destroyed.into()),
    }
}

/// Records that a file is read. An error is only logged, so that reading still works when the disk is
/// full.
pub(crate) async fn record_read(app: &App, actor: Actor<'_>, subject: &str) {
    if let Err(error) = app.archive.record_event(actor, Act::FileRead, subject).await {
        tracing::warn!(%error, subject, "a read could not be recorded");
    }
}

/// Like `record_read`, but at most once in `PAGES_APART`.
pub(crate) async fn record_pages_read(app: &App, actor: Actor<'_>, subject: &str) {
    let recorded = app.archive.record_repeated_read(actor, subject, PAGES_APART, Moment(0)).await;
    if let Err(error) = recorded {
        tracing::warn!(%error, subject, "a read could not be recorded");
    }
}

/// Sends a file of a filing, or the part of it that the request selects.
pub(crate) async fn send_file(
    app: &App,
    method: &Method,
    request: &HeaderMap,
    filed: &FilingRecord,
    object: &Object,
    kind: &FileKind,
    actor: Actor<'_>,
) -> Result<Response, Problem> {
    check_exists(filed)?;
    let name = attachment(&filed.document_number, filed.year, filed.serial, kind.ending);
    let head = file_head(method, request, &object.sha256, object.bytes, name)?;
    let FileHead::Body { range, mut response } = head else { return Ok(head.into_response()) };
    let media_type = HeaderValue::from_static(kind.media_type);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    if method != Method::HEAD {
        let pieces = app.archive.objects.read(object, range).await?;
        record_read(app, actor, &format!("{} {}", filed.id, kind.name)).await;
        // The status has been sent by then, so the connection breaks off before the announced
        // length.
        *response.body_mut() = Body::from_stream(pieces.inspect_err(|error| {
            tracing::error!(error = %error, "a file could not be sent completely");
        }));
    }
    Ok(response)
}
