//! `/v1/filings/{id}/retention`: how long a filing is kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::retention::class::RetentionClass;
use crate::archive::retention::schedule::Retention;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoFiling, NotYours};
use crate::http::filings::read::find_filing;
use crate::http::preservation::bodies::{NewRetention, check_text};
use crate::http::preservation::holds::HoldRecord;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::extract::{FilingId, JsonBody};

/// The most holds that are listed.
const MOST_HOLDS: u16 = 200;

/// How long a filing is kept.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Retention", description = "公文的保管期限和暂停销毁")]
pub struct RetentionRecord {
    #[schemars(description = "保管期限；没有定的为null")]
    class: Option<RetentionClass>,
    #[schemars(description = "依据；没有定的为null")]
    basis: Option<String>,
    #[schemars(description = "保管到哪一年（年底）；永久或没有定的为null")]
    last_year: Option<i64>,
    #[schemars(description = "涉及这件公文的暂停销毁，含已解除的")]
    holds: Vec<HoldRecord>,
}

/// Returns how long a filing is kept.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing, and `FilingProblem::Archive` if
/// the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/retention",
    operation_id = "getRetention",
    tag = "保管",
    summary = "公文的保管期限",
    description = "给出公文的保管期限，及涉及这件公文的暂停销毁。",
    params(FilingId),
    responses(
        (
            status = 200,
            description = "保管期限",
            body = ref("#/components/schemas/Retention"),
            content_type = "application/json"
        ),
        NoFiling
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
) -> Result<Json<RetentionRecord>, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    let retention = app.archive.retention(&filing.id).await?;
    Ok(Json(record(&app, &filing.id, retention).await?))
}

/// Sets how long a filing is kept.
///
/// # Errors
/// As `get`; also returns `FilingProblem::NotYours` if another agency leads the filing, and a
/// `RetentionProblem` if the body is invalid or the time would become shorter.
#[utoipa::path(
    put,
    path = "/v1/filings/{id}/retention",
    operation_id = "putRetention",
    tag = "保管",
    summary = "定保管期限",
    description = "定公文的保管期限，自成文日期的次年1月1日起算。已定的只能延长，不能缩短。",
    params(FilingId),
    request_body(content = ref("#/components/schemas/NewRetention"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "保管期限",
            body = ref("#/components/schemas/Retention"),
            content_type = "application/json"
        ),
        NotYours,
        NoFiling,
        (
            status = 409,
            description = "期限会缩短，或公文已经销毁",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "提交内容不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    origin: RequestOrigin,
    body: JsonBody,
) -> Result<Json<RetentionRecord>, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    if !caller.may_file_for(&filing.issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    let NewRetention { class, basis } = body.parse()?;
    check_text("依据", &basis)?;
    let actor = origin.actor(&caller.id);
    let retention = app.archive.set_retention(&filing.id, class, &basis, actor).await?;
    Ok(Json(record(&app, &filing.id, Some(retention)).await?))
}

async fn record(
    app: &App,
    filing: &str,
    retention: Option<Retention>,
) -> Result<RetentionRecord, Problem> {
    let holds = app.archive.holds(Some(filing), MOST_HOLDS).await?;
    let holds = holds.into_iter().map(HoldRecord::from).collect();
    Ok(match retention {
        Some(Retention { class, basis, last_year }) => {
            RetentionRecord { class: Some(class), basis: Some(basis), last_year, holds }
        }
        None => RetentionRecord { class: None, basis: None, last_year: None, holds },
    })
}
