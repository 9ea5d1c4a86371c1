//! `PUT /v1/filings/{id}/signed`: hands in the copy of a filing that came back signed.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use tokio::time::timeout;

use crate::archive::audit::act::Actor;
use crate::archive::filings::records::Filed;
use crate::archive::filings::signed::{NewSigned, SignedHow, settled};
use crate::archive::objects::Object;
use crate::http::access::caller::Asking;
use crate::http::app::App;
use crate::http::contract::answers::{NoFiling, NotYours, Replaced};
use crate::http::filings::read::filed;
use crate::http::filings::record::Record;
use crate::http::filings::verdict::{json, judge};
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::conditions::{Send, conditions, etag};
use crate::http::request::extract::{FilingId, announced_length, is_encoded, media_type};
use crate::http::request::request_id;
use crate::signature::changes::derivation::Kind;

/// The longest signed copy, in bytes: a scan of a hundred sides.
pub const SIGNED_LIMIT: usize = 64 << 20;

/// Room for signed copies under way: two of the longest, or many as they usually are.
pub const SIGNED_ROOM: usize = 2 * SIGNED_LIMIT;

/// How long one may take to arrive.
const DEADLINE: Duration = Duration::from_secs(300);

/// Keeps the signed copy of a filing.
///
/// # Errors
/// No filing that the caller may see, or one of another lead agency; a body that is no PDF, is the
/// unsigned one or is not the copy that is there; an archive that cannot serve for now.
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
    let filing = filed(&app, &caller, &id).await?;
    if !caller.may_file_for(&filing.issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    hold(request.headers(), &filing)?;
    let request_id = request_id::of(request.extensions()).to_owned();
    let file = pdf(&app, request).await?;
    let actor = Actor { caller: &caller.id, request_id: &request_id };
    let how = match settled(&filing, &Object::of(&file))? {
        Some(how) => how,
        None => {
            let signed = judged(&app, &filing, file).await?;
            app.archive.store_signed(&filing, signed, actor).await?
        }
    };
    let status = match how {
        SignedHow::Stored => StatusCode::CREATED,
        SignedHow::AlreadyThere => StatusCode::OK,
    };
    let filing = filed(&app, &caller, &id).await?;
    Ok(Record::of(&filing)?.made(status, format!("/v1/filings/{id}/signed")))
}

/// Holds the conditions of a request against the signed copy that is there.
fn hold(headers: &HeaderMap, filing: &Filed) -> Result<(), Problem> {
    let holds = match &filing.signed {
        Some(signed) => conditions(headers, &etag(&signed.file.sha256))? != Send::NotModified,
        None => !headers.contains_key(header::IF_MATCH),
    };
    if holds { Ok(()) } else { Err(FilingProblem::PreconditionFailed.into()) }
}

/// A file with its verdict. One that is not this filing is none of its copies.
async fn judged(app: &App, filing: &Filed, file: Bytes) -> Result<NewSigned, Problem> {
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    let report = judge(app, file.clone(), Some(original)).await?;
    let derivation = report.derivation.as_ref().map(|derivation| derivation.kind);
    match derivation {
        // A field to sign in, or the end of a line, is no signature.
        Some(Kind::IdenticalSigned) if report.signatures.is_empty() => {
            Err(FilingProblem::Unsigned.into())
        }
        None | Some(Kind::Unrelated) => Err(FilingProblem::Unrelated.into()),
        Some(derivation) => Ok(NewSigned { file, derivation, verdict: json(&report).into() }),
    }
}

/// Takes in a PDF.
///
/// # Errors
/// A body that is no PDF, too long, broken off or slow, or no room for it.
pub(crate) async fn pdf(app: &App, request: Request) -> Result<Bytes, Problem> {
    let headers = request.headers();
    if media_type(headers).as_deref() != Some("application/pdf") || is_encoded(headers) {
        return Err(FilingProblem::NotPdfType.into());
    }
    if announced_length(headers).is_some_and(|length| length > SIGNED_LIMIT) {
        return Err(Problem::BodyTooLong { limit: SIGNED_LIMIT });
    }
    let body = timeout(DEADLINE, app.signed.take_in(request.into_body(), SIGNED_LIMIT)).await;
    let body = body.unwrap_or(Err(Problem::BodyDeadline))?;
    if body.starts_with(b"%PDF-") {
        Ok(body.into_bytes())
    } else {
        Err(FilingProblem::NotPdf.into())
    }
}
