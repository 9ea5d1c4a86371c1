//! `/v1/filings/{id}/signed`: archives and returns the signed copy of a filing.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::json;
use tokio::time::timeout;

use crate::archive::access::caller::Caller;
use crate::archive::audit::act::Actor;
use crate::archive::filings::records::FilingRecord;
use crate::archive::filings::signed::{NewSignedCopy, SignedCopyOutcome, known_outcome};
use crate::archive::id::Id;
use crate::archive::log::evidence::Evidence;
use crate::archive::objects::{Object, sha256};
use crate::http::access::caller::{CurrentCaller, RequestOrigin, caller_id};
use crate::http::app::App;
use crate::http::contract::responses::{
    Conditional, Destroyed, NoFiling, NoSignedCopy, NotYours, OutOfRange, PdfFile, Replaced,
};
use crate::http::filings::read::{FileKind, check_exists, find_filing, send_file};
use crate::http::filings::record::Record;
use crate::http::filings::verdict::{to_json, verify_pdf};
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::bodies::{BodyError, HeldBody};
use crate::http::request::conditions::{Content, conditions, etag};
use crate::http::request::extract::{FilingId, announced_length, is_encoded, media_type};
use crate::signature::changes::derivation::DerivationKind;
use crate::signature::x509::trust::Trust;

/// The longest PDF that may be uploaded, in bytes: a scan of a hundred pages.
pub const PDF_LIMIT: usize = 64 << 20;

/// The memory for all uploaded PDFs together: two of the longest from one caller, and one from
/// another.
pub const PDF_MEMORY: usize = 4 * PDF_LIMIT;

const SIGNED_COPY: FileKind =
    FileKind { media_type: "application/pdf", ending: "-signed.pdf", name: "signed" };

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
    responses(PdfFile, NoSignedCopy, Destroyed, Conditional, OutOfRange)
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    method: Method,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    let signed = filing.signed.as_ref().ok_or(Problem::NotFound)?;
    send_file(
        &app,
        &method,
        &headers,
        &filing,
        &signed.file,
        &SIGNED_COPY,
        origin.actor(&caller.id),
    )
    .await
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
        Destroyed,
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
    check_exists(&filing)?;
    check_preconditions(request.headers(), &filing)?;
    let origin = RequestOrigin::of(request.extensions());
    let (file, sha256) = receive_pdf(&app, request).await?.hash().await?.into_parts();
    let file = file.into_bytes();
    let object = Object { sha256, bytes: file.len() as u64 };
    archive_copy(&app, &caller, &id, file, object, origin.actor(&caller.id)).await
}

/// Verifies a file, archives it as the signed copy of a filing, and returns the new record.
///
/// # Errors
/// Returns `FilingProblem::Unsigned`, `FilingProblem::Unrelated` or `FilingProblem::UnreadablePdf` if
/// the file is not a signed copy of the filing, `FilingProblem::OtherSigned` if another copy is
/// archived, and `FilingProblem::Archive` if the archive fails. Also fails as `verify_pdf`.
pub(crate) async fn archive_copy(
    app: &App,
    caller: &Caller,
    id: &Id,
    file: Bytes,
    object: Object,
    actor: Actor<'_>,
) -> Result<Response, Problem> {
    let filing = find_filing(app, caller, id).await?;
    let how = match known_outcome(&filing, &object)? {
        Some(how) => how,
        None => {
            check_number(app, &filing).await?;
            let signed = verified(app, caller, &filing, file, object).await?;
            app.archive.store_signed(&filing, signed, actor).await?
        }
    };
    let status = match how {
        SignedCopyOutcome::Stored => StatusCode::CREATED,
        SignedCopyOutcome::AlreadyThere => StatusCode::OK,
    };
    let filing = find_filing(app, caller, id).await?;
    Ok(Record::of(&filing)?.created(status, format!("/v1/filings/{id}/signed")))
}

/// Withdraws the signed copy of a filing.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing or it has no signed copy,
/// `FilingProblem::NotYours` if another agency leads it, `FilingProblem::PreconditionFailed` if
/// `If-Match` does not match, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    delete,
    path = "/v1/filings/{id}/signed",
    operation_id = "withdrawSignedCopy",
    tag = "公文",
    summary = "撤下签署件",
    description = "撤下误归档的签署件，此后可以归档另一份，该发文字号也可再提交其他内容。撤下的文件及其核验结论仍予保存，并记入操作记录。",
    params(FilingId),
    responses(
        (status = 204, description = "已撤下"),
        NotYours,
        NoSignedCopy,
        Destroyed,
        Replaced
    )
)]
pub async fn withdraw(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    if !caller.may_file_for(&filing.issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    check_exists(&filing)?;
    let signed = filing.signed.as_ref().ok_or(Problem::NotFound)?;
    check_preconditions(&headers, &filing)?;
    let actor = origin.actor(&caller.id);
    if app.archive.withdraw_signed(&filing, &signed.file, actor).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::NotFound)
    }
}

/// Refuses a filing if a signed copy is archived under its 发文字号.
pub(crate) async fn check_number(app: &App, filing: &FilingRecord) -> Result<(), Problem> {
    let (lead_issuer, number) = (filing.lead_issuer(), &filing.document_number);
    match app.archive.is_number_signed(lead_issuer, number).await? {
        true => Err(FilingProblem::OtherSigned.into()),
        false => Ok(()),
    }
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
    caller: &Caller,
    filing: &FilingRecord,
    file: Bytes,
    object: Object,
) -> Result<NewSignedCopy, Problem> {
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    let report = verify_pdf(app, caller, file.clone(), Some(original)).await?;
    let derivation = report.derivation.as_ref().map(|derivation| derivation.kind);
    match derivation {
        None | Some(DerivationKind::Unrelated) => Err(FilingProblem::Unrelated.into()),
        // Saved by another program, or with a note, a line break or an empty signature field: nobody signed it.
        Some(_) if !report.is_signed() => Err(FilingProblem::Unsigned.into()),
        Some(derivation) => {
            let (verdict, evidence) = (to_json(&report).into(), evidence(&app.trust));
            Ok(NewSignedCopy { file, object, derivation, verdict, evidence })
        }
    }
}

/// The trusted certificates and revocation lists, and a list of them.
fn evidence(trust: &Trust) -> Vec<Evidence> {
    let certificates = trust.certificates().map(|item| ("trusted_certificate", item));
    let items: Vec<_> =
        certificates.chain(trust.crls().map(|item| ("revocation_list", item))).collect();
    if items.is_empty() {
        return Vec::new();
    }
    let names = |role: &str| -> Vec<String> {
        items.iter().filter(|(one, _)| *one == role).map(|(_, item)| sha256(item)).collect()
    };
    let list = json!({
        "certificates": names("trusted_certificate"),
        "crls": names("revocation_list"),
        "sha256": trust.sha256(),
    });
    let list = Evidence { role: "trust_list", bytes: to_json(&list).into() };
    let items = items.iter().map(|(role, item)| Evidence { role, bytes: item.to_vec().into() });
    items.chain([list]).collect()
}

/// Receives a PDF of at most `PDF_LIMIT` bytes.
///
/// # Errors
/// Returns `FilingProblem::NotPdfType` or `FilingProblem::NotPdf` if the body is not a PDF,
/// `BodyError` if it is too long, incomplete or too slow, `AccessError::TooManyConcurrent` if the
/// caller's other uploads take up its share of the memory, and `Problem::Busy` if none is left.
pub(crate) async fn receive_pdf(app: &App, request: Request) -> Result<HeldBody, Problem> {
    let headers = request.headers();
    if media_type(headers).as_deref() != Some("application/pdf") || is_encoded(headers) {
        return Err(FilingProblem::NotPdfType.into());
    }
    if announced_length(headers).is_some_and(|length| length > PDF_LIMIT) {
        return Err(BodyError::TooLong { limit: PDF_LIMIT }.into());
    }
    let caller = caller_id(request.extensions()).to_owned();
    let body = app.pdf_uploads.receive(&caller, request.into_body(), PDF_LIMIT);
    let body = timeout(DEADLINE, body).await;
    let body = body.unwrap_or(Err(BodyError::Deadline))?;
    if body.starts_with(b"%PDF-") { Ok(body) } else { Err(FilingProblem::NotPdf.into()) }
}
