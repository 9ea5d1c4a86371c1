//! `/v1/filings/{id}/signed`: archives and returns the signed copy of a filing.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use tokio::time::timeout;

use crate::archive::audit::act::Actor;
use crate::archive::filings::records::FilingRecord;
use crate::archive::filings::signed::{NewSignedCopy, SignedCopyOutcome, known_outcome};
use crate::archive::objects::Object;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::{
    Conditional, NoFiling, NoSignedCopy, NotYours, OutOfRange, PdfFile, Replaced,
};
use crate::http::filings::read::{FileKind, find_filing, send_file};
use crate::http::filings::record::Record;
use crate::http::filings::verdict::{to_json, verify_pdf};
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::bodies::{BodyError, HeldBody};
use crate::http::request::conditions::{Content, conditions, etag};
use crate::http::request::extract::{FilingId, announced_length, is_encoded, media_type};
use crate::http::request::request_id;
use crate::signature::changes::derivation::DerivationKind;

/// The longest PDF that may be uploaded, in bytes: a scan of a hundred pages.
pub const PDF_LIMIT: usize = 64 << 20;

/// The memory for all uploaded PDFs together: two of the longest, or many of the usual length.
pub const PDF_MEMORY: usize = 2 * PDF_LIMIT;

const SIGNED_COPY: FileKind = FileKind { media_type: "application/pdf", ending: "-signed.pdf" };

/// How long an upload may take.
const DEADLINE: Duration = Duration::from_secs(300);

/// Returns the signed copy of a filing, byte for byte.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing or it has no signed copy,
/// `FilingProblem::PreconditionFailed` if `If-Match` does not match, and `FilingProblem::Archive`
/// if the archive fails or the stored file is damaged.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/signed",
    operation_id = "getSignedCopy",
    tag = "公文",
    summary = "公文的签署件",
    description = "原样给出归档的签署件。支持条件请求和单一范围（Range）。",
    params(FilingId),
    responses(PdfFile, NoSignedCopy, Conditional, OutOfRange)
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    let signed = filing.signed.as_ref().ok_or(Problem::NotFound)?;
    send_file(&app, &method, &headers, &filing, &signed.file, &SIGNED_COPY).await
}

/// Archives the signed copy of a filing.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing, `FilingProblem::NotYours` if
/// another agency leads it, `FilingProblem::Unsigned`, `FilingProblem::Unrelated` or
/// `FilingProblem::UnreadablePdf` if the body is not a signed copy of it,
/// `FilingProblem::OtherSigned` if another copy is archived, and `FilingProblem::Archive` if the
/// archive fails. Also fails as `receive_pdf` and `verify_pdf`.
#[utoipa::path(
    put,
    path = "/v1/filings/{id}/signed",
    operation_id = "putSignedCopy",
    tag = "公文",
    summary = "归档签署件",
    description = "归档签署后的PDF，原样保存，一个发文字号只存一份，不能替换。此后该发文字号不再接受其他内容。归档时即予核验，结论一并保存；结论如何不影响归档，但内容与这份公文不同的不予归档。",
    params(FilingId),
    request_body(content = Vec<u8>, content_type = "application/pdf", description = "PDF，不超过64 MiB"),
    responses(
        (
            status = 200,
            description = "同一文件已经归档",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        (
            status = 201,
            description = "已归档；公文的记录",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        NotYours,
        NoFiling,
        (
            status = 409,
            description = "该发文字号已归档另一份签署件",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        Replaced,
        (
            status = 422,
            description = "文件不是PDF，无法读取，未经签署，或不是这份公文",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    request: Request,
) -> Result<Response, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    if !caller.may_file_for(&filing.issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    check_preconditions(request.headers(), &filing)?;
    let request_id = request_id::of(request.extensions()).to_owned();
    let (file, sha256) = receive_pdf(&app, request).await?.hash().await?.into_parts();
    let file = file.into_bytes();
    let object = Object { sha256, bytes: file.len() as u64 };
    let actor = Actor { caller: &caller.id, request_id: &request_id };
    let how = match known_outcome(&filing, &object)? {
        Some(how) => how,
        None => {
            let signed = verified(&app, &filing, file, object).await?;
            app.archive.store_signed(&filing, signed, actor).await?
        }
    };
    let status = match how {
        SignedCopyOutcome::Stored => StatusCode::CREATED,
        SignedCopyOutcome::AlreadyThere => StatusCode::OK,
    };
    let filing = find_filing(&app, &caller, &id).await?;
    Ok(Record::of(&filing)?.created(status, format!("/v1/filings/{id}/signed")))
}

/// Checks the preconditions of a request against the archived signed copy.
fn check_preconditions(headers: &HeaderMap, filing: &FilingRecord) -> Result<(), Problem> {
    let holds = match &filing.signed {
        Some(signed) => conditions(headers, &etag(&signed.file.sha256))? != Content::NotModified,
        None => !headers.contains_key(header::IF_MATCH),
    };
    if holds { Ok(()) } else { Err(FilingProblem::PreconditionFailed.into()) }
}

/// Verifies a file and refuses one with other content than the filing.
async fn verified(
    app: &App,
    filing: &FilingRecord,
    file: Bytes,
    object: Object,
) -> Result<NewSignedCopy, Problem> {
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    let report = verify_pdf(app, file.clone(), Some(original)).await?;
    let derivation = report.derivation.as_ref().map(|derivation| derivation.kind);
    match derivation {
        // An empty signature field or a trailing line break is not a signature.
        Some(DerivationKind::IdenticalSigned) if report.signatures.is_empty() => {
            Err(FilingProblem::Unsigned.into())
        }
        None | Some(DerivationKind::Unrelated) => Err(FilingProblem::Unrelated.into()),
        Some(derivation) => {
            Ok(NewSignedCopy { file, object, derivation, verdict: to_json(&report).into() })
        }
    }
}

/// Receives a PDF of at most `PDF_LIMIT` bytes.
///
/// # Errors
/// Returns `FilingProblem::NotPdfType` or `FilingProblem::NotPdf` if the body is not a PDF,
/// `BodyError` if it is too long, incomplete or too slow, and `Problem::Busy` if no memory is left
/// for it.
pub(crate) async fn receive_pdf(app: &App, request: Request) -> Result<HeldBody, Problem> {
    let headers = request.headers();
    if media_type(headers).as_deref() != Some("application/pdf") || is_encoded(headers) {
        return Err(FilingProblem::NotPdfType.into());
    }
    if announced_length(headers).is_some_and(|length| length > PDF_LIMIT) {
        return Err(BodyError::TooLong { limit: PDF_LIMIT }.into());
    }
    let body = timeout(DEADLINE, app.pdf_uploads.receive(request.into_body(), PDF_LIMIT)).await;
    let body = body.unwrap_or(Err(BodyError::Deadline))?;
    if body.starts_with(b"%PDF-") { Ok(body) } else { Err(FilingProblem::NotPdf.into()) }
}
