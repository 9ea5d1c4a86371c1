//! `GET /v1/filings/{id}/signing/{sid}`: the prepared PDF, for signing systems that hash it themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoFiling, NotYours};
use crate::http::filings::read::record_read;
use crate::http::filings::signing::prepare::{check_time, find_own, prepared};
use crate::http::problem::Problem;
use crate::http::request::extract::SigningId;

/// Returns the prepared PDF, with zeros where the signature will be.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing or signing,
/// `FilingProblem::NotYours` if another agency leads it, `SigningProblem::Expired` if it was prepared
/// too long ago, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/signing/{sid}",
    operation_id = "getPreparedFile",
    tag = "公文",
    summary = "备签的文件",
    description = "给出备签的PDF，签名所占之处为零，供自行计算杂凑值的签名系统使用。签名覆盖byte_range所列的两段。",
    params(SigningId),
    responses(
        (
            status = 200,
            description = "备签的文件",
            body = Vec<u8>,
            content_type = "application/pdf"
        ),
        NotYours,
        NoFiling,
        (
            status = 410,
            description = "备签已过期，或公文已经销毁",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    SigningId { id, preparation }: SigningId,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let filing = find_own(&app, &caller, &id).await?;
    check_time(preparation, app.archive.now())?;
    let prepared = prepared(&app, &caller, &filing, preparation).await?;
    record_read(&app, origin.actor(&caller.id), &format!("{id} pdf")).await;
    let content_type = [(header::CONTENT_TYPE, "application/pdf")];
    Ok((content_type, prepared.bytes().to_vec()).into_response())
}
