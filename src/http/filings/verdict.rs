//! `GET /v1/filings/{id}/verdict`: the verdict on the signed copy of a filing.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::archive::access::caller::Caller;
use crate::archive::filings::records::{FilingRecord, SignedCopy};
use crate::archive::objects::sha256;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::{Conditional, Destroyed, NoSignedCopy};
use crate::http::filings::read::{check_exists, find_filing};
use crate::http::problem::Problem;
use crate::http::request::conditions::{Content, conditions, etag};
use crate::http::request::extract::FilingId;
use crate::signature::verdict::report::Report;
use crate::signature::verify::verify;

/// Returns the stored verdict on the signed copy of a filing, or verifies the copy again.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing or it has no signed copy,
/// `Problem::Query` if the query is invalid, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/verdict",
    operation_id = "getVerdict",
    tag = "公文",
    summary = "签署件的核验结论",
    description = "给出签署件归档时的核验结论：与原件的关系、每个签名是否有效。again=true时按现在的信任列表重新核验，不保存；早先未经核验归档的签署件总是重新核验。",
    params(
        FilingId,
        ("again" = Option<bool>, Query, description = "true为重新核验")
    ),
    responses(
        (
            status = 200,
            description = "核验结论；ETag为其SHA-256",
            body = ref("#/components/schemas/Report"),
            content_type = "application/json"
        ),
        NoSignedCopy,
        Destroyed,
        Conditional,
        (
            status = 422,
            description = "重新核验时，签署件无法读取",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    RawQuery(query): RawQuery,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let is_again = is_again(query.as_deref().unwrap_or_default())?;
    let filing = find_filing(&app, &caller, &id).await?;
    let signed = filing.signed.as_ref().ok_or(Problem::NotFound)?;
    check_exists(&filing)?;
    let verdict = match &signed.verdict {
        Some(stored) if !is_again => app.archive.objects.get(&stored.sha256).await?,
        _ => verify_again(&app, &caller, &filing, signed).await?,
    };
    let etag = etag(&sha256(&verdict));
    let send = conditions(&request, &etag)?;
    let etag = [(header::ETAG, etag)];
    if send == Content::NotModified {
        return Ok((StatusCode::NOT_MODIFIED, etag).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((etag, content_type, verdict).into_response())
}

/// Verifies a PDF off the async threads, against the original if it is known.
///
/// # Errors
/// Returns `FilingProblem::UnreadablePdf` if the PDF cannot be read, and `Problem::Busy` if no
/// permit is available in time.
pub(crate) async fn verify_pdf(
    app: &App,
    caller: &Caller,
    file: Bytes,
    original: Option<Bytes>,
) -> Result<Report, Problem> {
    let (trust, at) = (Arc::clone(&app.trust), app.archive.now());
    let work = move || verify(&file, original.as_deref(), &trust, at);
    Ok(app.verdicts.run(&caller.id, work).await??)
}

/// A verdict in the form in which it is stored and sent.
pub(crate) fn to_json(verdict: &impl Serialize) -> Vec<u8> {
    // Strings, numbers and lists always serialize.
    serde_json::to_vec(verdict).unwrap_or_default()
}

async fn verify_again(
    app: &App,
    caller: &Caller,
    filing: &FilingRecord,
    signed: &SignedCopy,
) -> Result<Bytes, Problem> {
    let file = app.archive.objects.get(&signed.file.sha256).await?;
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    Ok(to_json(&verify_pdf(app, caller, file, Some(original)).await?).into())
}

fn is_again(query: &str) -> Result<bool, Problem> {
    match query {
        "" | "again=false" => Ok(false),
        "again=true" => Ok(true),
        _ => Err(Problem::Query("只能给出again，为true或false。".to_owned())),
    }
}
