//! `/v1/confirmations` and `/v1/filings/{id}/confirmation`: agencies confirm filings that name them as
//! a further issuer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::NoFiling;
use crate::http::filings::read::find_named;
use crate::http::filings::record::Record;
use crate::http::filings::search::Found;
use crate::http::problem::Problem;
use crate::http::request::extract::FilingId;

/// The most filings that are listed. The rest follows when these are confirmed.
const MOST: u16 = 200;

/// Lists the filings that wait for the caller's agency.
///
/// # Errors
/// Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/confirmations",
    operation_id = "listUnconfirmed",
    tag = "公文",
    summary = "待确认的公文",
    description = "其他机关以本机关为联合发文机关提交、尚待本机关确认的公文，新的在前，至多200件。不限机关的调用方，列出待任一机关确认的。",
    responses((
        status = 200,
        description = "待确认的公文",
        body = ref("#/components/schemas/Found"),
        content_type = "application/json"
    ))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<Response, Problem> {
    let filings = app.archive.unconfirmed(&caller, MOST).await?;
    let filings = filings.iter().map(Record::of).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Found { filings, next: None }).into_response())
}

/// Confirms that the caller's agency issues a filing.
///
/// # Errors
/// Returns `Problem::NotFound` if no such filing names the caller's agency, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/filings/{id}/confirmation",
    operation_id = "confirmFiling",
    tag = "公文",
    summary = "确认联合发文",
    description = "确认本机关联合发文。此后公文列入本机关的档案。不限机关的调用方，为全部发文机关确认。已确认的再次确认，结果不变。",
    params(FilingId),
    responses(
        (
            status = 200,
            description = "公文的记录",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        NoFiling
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let filing = find_named(&app, &caller, &id).await?;
    app.archive.confirm(&caller, &filing, origin.actor(&caller.id)).await?;
    Record::of(&find_named(&app, &caller, &id).await?)?.respond(&HeaderMap::new())
}
