//! `GET /v1/filings/{id}` and its files `…/pdf`, `…/source` and `…/signed`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;

use crate::archive::access::caller::Caller;
use crate::archive::filings::records::Filed;
use crate::archive::id::Id;
use crate::archive::objects::Object;
use crate::http::access::caller::Asking;
use crate::http::app::App;
use crate::http::contract::answers::{Conditional, NoFiling, NoSignedCopy, OutOfRange};
use crate::http::filings::disposition::attachment;
use crate::http::filings::record::Record;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::conditions::{Send, conditions, conditions_and_range, etag};
use crate::http::request::extract::FilingId;

/// What kind of file it is.
struct Kind {
    media_type: &'static str,
    ending: &'static str,
}

const PDF: Kind = Kind { media_type: "application/pdf", ending: ".pdf" };
const SOURCE: Kind = Kind { media_type: "application/json", ending: ".json" };
const SIGNED: Kind = Kind { media_type: "application/pdf", ending: "-signed.pdf" };

/// Gives the record of a filing.
///
/// # Errors
/// No filing that the caller may see, or an archive that cannot serve for now.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}",
    operation_id = "getFiling",
    tag = "公文",
    summary = "公文的记录",
    description = "按编号给出一件公文的记录。",
    params(("id" = String, Path, description = "公文的编号")),
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
    Asking(caller): Asking,
    FilingId(id): FilingId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Record::of(&filed(&app, &caller, &id).await?)?.answer(&headers)
}

/// Gives the PDF of a filing.
///
/// # Errors
/// As `record`, or a file that is not whole.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/pdf",
    operation_id = "getFilingPdf",
    tag = "公文",
    summary = "公文的PDF",
    description = "给出生成的PDF，未经签署。支持条件请求和单一范围（Range）。",
    params(("id" = String, Path, description = "公文的编号")),
    responses(
        (
            status = 200,
            description = "文件；ETag为其SHA-256",
            body = Vec<u8>,
            content_type = "application/pdf"
        ),
        (
            status = 206,
            description = "文件的一部分",
            body = Vec<u8>,
            content_type = "application/pdf"
        ),
        NoFiling,
        Conditional,
        OutOfRange
    )
)]
pub async fn pdf(
    State(app): State<Arc<App>>,
    Asking(caller): Asking,
    FilingId(id): FilingId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filed = filed(&app, &caller, &id).await?;
    file(&app, &method, &headers, &filed, &filed.pdf, &PDF).await
}

/// Gives the canonical JSON that a filing was made from.
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
    params(("id" = String, Path, description = "公文的编号")),
    responses(
        (
            status = 200,
            description = "文件；ETag为其SHA-256",
            body = ref("#/components/schemas/Submission"),
            content_type = "application/json"
        ),
        (
            status = 206,
            description = "文件的一部分",
            body = String,
            content_type = "application/json"
        ),
        NoFiling,
        Conditional,
        OutOfRange
    )
)]
pub async fn source(
    State(app): State<Arc<App>>,
    Asking(caller): Asking,
    FilingId(id): FilingId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filed = filed(&app, &caller, &id).await?;
    file(&app, &method, &headers, &filed, &filed.source, &SOURCE).await
}

/// Gives the signed copy of a filing, as it was handed in.
///
/// # Errors
/// As `pdf`, or no signed copy.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/signed",
    operation_id = "getSignedCopy",
    tag = "公文",
    summary = "公文的签署件",
    description = "原样给出归档的签署件。支持条件请求和单一范围（Range）。",
    params(("id" = String, Path, description = "公文的编号")),
    responses(
        (
            status = 200,
            description = "文件；ETag为其SHA-256",
            body = Vec<u8>,
            content_type = "application/pdf"
        ),
        (
            status = 206,
            description = "文件的一部分",
            body = Vec<u8>,
            content_type = "application/pdf"
        ),
        NoSignedCopy,
        Conditional,
        OutOfRange
    )
)]
pub async fn signed(
    State(app): State<Arc<App>>,
    Asking(caller): Asking,
    FilingId(id): FilingId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filed = filed(&app, &caller, &id).await?;
    let signed = filed.signed.as_ref().ok_or(Problem::NotFound)?;
    file(&app, &method, &headers, &filed, &signed.file, &SIGNED).await
}

/// The filing that a caller asks for; one that they may not see is none.
pub(crate) async fn filed(app: &App, caller: &Caller, id: &Id) -> Result<Filed, Problem> {
    app.archive.filing(caller, id).await?.ok_or(Problem::NotFound)
}

async fn file(
    app: &App,
    method: &Method,
    request: &HeaderMap,
    filed: &Filed,
    object: &Object,
    kind: &Kind,
) -> Result<Response, Problem> {
    let etag = etag(&object.sha256);
    // Ranges are of GET alone.
    let send = if method == Method::GET {
        conditions_and_range(request, &etag, object.bytes)?
    } else {
        conditions(request, &etag)?
    };
    let name = attachment(&filed.document_number, filed.year, filed.serial, kind.ending);
    let headers = [
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let total = object.bytes;
    let (status, range) = match send {
        Send::NotModified => return Ok((StatusCode::NOT_MODIFIED, headers).into_response()),
        Send::Unsatisfiable => {
            let length = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            return Ok((length, Problem::from(FilingProblem::RangeUnsatisfiable)).into_response());
        }
        Send::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Send::Whole => (StatusCode::OK, 0..total),
    };
    let length = [
        (header::CONTENT_TYPE, kind.media_type.to_owned()),
        (header::CONTENT_LENGTH, (range.end - range.start).to_string()),
    ];
    let part = format!("bytes {}-{}/{total}", range.start, range.end.saturating_sub(1));
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let pieces = app.archive.objects.read(object, range).await?;
        // The status is out by then: the connection breaks off before the length that it promised.
        Body::from_stream(pieces.inspect_err(|error| {
            tracing::error!(error = %error, "a file broke off while it was sent");
        }))
    };
    let mut response = (status, headers, length, body).into_response();
    if let (StatusCode::PARTIAL_CONTENT, Ok(part)) = (status, part.try_into()) {
        response.headers_mut().insert(header::CONTENT_RANGE, part);
    }
    Ok(response)
}
