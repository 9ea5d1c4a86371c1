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
use crate::http::access::caller::Asking;
use crate::http::app::App;
use crate::http::contract::answers::{
    Conditional, NoFiling, NoSignedCopy, NotYours, OutOfRange, Replaced,
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
use crate::signature::changes::derivation::Kind;

/// The longest signed copy, in bytes: a scan of a hundred page sides.
pub const SIGNED_LIMIT: usize = 64 << 20;

/// Memory for uploads of signed copies: two of the longest, or many of the usual length.
pub const SIGNED_ROOM: usize = 2 * SIGNED_LIMIT;

const SIGNED: FileKind = FileKind { media_type: "application/pdf", ending: "-signed.pdf" };

/// How long an upload may take.
const DEADLINE: Duration = Duration::from_secs(300);

/// Returns the signed copy of a filing, byte for byte.
///
/// # Errors
/// Fails if the caller may see no such filing, if it has no signed copy, if the stored file is
/// damaged, or if the archive is unavailable; the client may retry in the last case.
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
pub async fn get(
    State(app): State<Arc<App>>,
    Asking(caller): Asking,
    FilingId(id): FilingId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    let signed = filing.signed.as_ref().ok_or(Problem::NotFound)?;
    send_file(&app, &method, &headers, &filing, &signed.file, &SIGNED).await
}

/// Archives the signed copy of a filing.
///
/// # Errors
/// Fails if the caller may see no such filing or belongs to another agency than the lead agency; if
/// the body is not a PDF, is unsigned, has other content, or differs from the archived copy; or if
/// the archive is unavailable. The client may retry in the last case.
#[utoipa::path(
    put,
    path = "/v1/filings/{id}/signed",
    operation_id = "putSignedCopy",
    tag = "公文",
    summary = "归档签署件",
    description = "归档签署后的PDF，原样保存，一个发文字号只存一份，不能替换。此后该发文字号不再接受其他内容。归档时即予核验，结论一并保存；结论如何不影响归档，但内容与这份公文不同的不予归档。",
    params(("id" = String, Path, description = "公文的编号")),
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
    Asking(caller): Asking,
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
        Some(Kind::IdenticalSigned) if report.signatures.is_empty() => {
            Err(FilingProblem::Unsigned.into())
        }
        None | Some(Kind::Unrelated) => Err(FilingProblem::Unrelated.into()),
        Some(derivation) => {
            Ok(NewSignedCopy { file, object, derivation, verdict: to_json(&report).into() })
        }
    }
}

/// Receives a PDF of at most `SIGNED_LIMIT` bytes.
///
/// # Errors
/// Fails if the body is not a PDF, too long, incomplete or too slow, or if no memory is left for
/// it. The client may retry in the last case.
pub(crate) async fn receive_pdf(app: &App, request: Request) -> Result<HeldBody, Problem> {
    let headers = request.headers();
    if media_type(headers).as_deref() != Some("application/pdf") || is_encoded(headers) {
        return Err(FilingProblem::NotPdfType.into());
    }
    if announced_length(headers).is_some_and(|length| length > SIGNED_LIMIT) {
        return Err(BodyError::TooLong { limit: SIGNED_LIMIT }.into());
    }
    let body = timeout(DEADLINE, app.signed.receive(request.into_body(), SIGNED_LIMIT)).await;
    let body = body.unwrap_or(Err(BodyError::Deadline))?;
    if body.starts_with(b"%PDF-") { Ok(body) } else { Err(FilingProblem::NotPdf.into()) }
}
