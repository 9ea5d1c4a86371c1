//! `/v1/holds`: filings that must not be destroyed, also after their retention.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::retention::holds::Hold;
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::NotYours;
use crate::http::preservation::bodies::{NewHold, check_count, check_text, check_unbound};
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;

/// The most holds that are listed.
const MOST: u16 = 200;

/// A hold.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hold", description = "暂停销毁")]
pub struct HoldRecord {
    #[schemars(description = "编号")]
    id: String,
    #[schemars(description = "事由")]
    matter: String,
    #[schemars(description = "依据")]
    basis: String,
    #[schemars(description = "公文的编号")]
    filings: Vec<String>,
    #[schemars(description = "设定者的编号")]
    placed_by: String,
    #[schemars(description = "设定时间（RFC 3339，UTC）")]
    placed_at: Moment,
    #[schemars(description = "解除者的编号；没有解除的为null")]
    released_by: Option<String>,
    #[schemars(description = "解除时间；没有解除的为null")]
    released_at: Option<Moment>,
}

/// The holds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Holds", description = "各项暂停销毁，新的在前，至多200项")]
pub struct HoldList {
    #[schemars(description = "暂停销毁")]
    holds: Vec<HoldRecord>,
}

impl From<Hold> for HoldRecord {
    fn from(hold: Hold) -> Self {
        let Hold { id, matter, basis, filings, placed_by, placed_at, released_by, released_at } =
            hold;
        Self { id, matter, basis, filings, placed_by, placed_at, released_by, released_at }
    }
}

/// Lists the holds.
///
/// # Errors
/// Returns `FilingProblem::NotYours` for a caller of one agency, and `FilingProblem::Archive` if the
/// archive fails.
#[utoipa::path(
    get,
    path = "/v1/holds",
    operation_id = "listHolds",
    tag = "保管",
    summary = "各项暂停销毁",
    description = "列出各项暂停销毁，含已解除的，新的在前，至多200项。只供不限机关的调用方。",
    responses(
        (
            status = 200,
            description = "各项暂停销毁",
            body = ref("#/components/schemas/Holds"),
            content_type = "application/json"
        ),
        NotYours
    )
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<Json<HoldList>, Problem> {
    check_unbound(&caller)?;
    let holds = app.archive.holds(None, MOST).await?;
    Ok(Json(HoldList { holds: holds.into_iter().map(HoldRecord::from).collect() }))
}

/// Places a hold on filings.
///
/// # Errors
/// As `list`; also returns a `RetentionProblem` if the body is invalid or a filing does not exist.
#[utoipa::path(
    post,
    path = "/v1/holds",
    operation_id = "postHold",
    tag = "保管",
    summary = "暂停销毁",
    description = "公文涉及诉讼、审计等的，在解除之前不得销毁。一件公文可有多项，须全部解除。只供不限机关的调用方。",
    request_body(content = ref("#/components/schemas/NewHold"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "已设定",
            body = ref("#/components/schemas/Hold"),
            content_type = "application/json"
        ),
        NotYours,
        (
            status = 404,
            description = "没有所列的公文",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 409,
            description = "所列的公文已经销毁",
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
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    origin: RequestOrigin,
    body: JsonBody,
) -> Result<Response, Problem> {
    check_unbound(&caller)?;
    let NewHold { matter, basis, filings } = body.parse()?;
    check_text("事由", &matter)?;
    check_text("依据", &basis)?;
    check_count(filings.len())?;
    let actor = origin.actor(&caller.id);
    let id = app.archive.place_hold(&matter, &basis, &filings, actor).await?;
    let holds = app.archive.holds(filings.first().map(String::as_str), MOST).await?;
    let hold = holds.into_iter().find(|hold| hold.id == id).ok_or(Problem::NotFound)?;
    Ok((StatusCode::CREATED, Json(HoldRecord::from(hold))).into_response())
}

/// Releases a hold.
///
/// # Errors
/// As `list`; also returns `Problem::NotFound` without such a hold and a `RetentionProblem` if it is
/// released already.
#[utoipa::path(
    post,
    path = "/v1/holds/{id}/release",
    operation_id = "releaseHold",
    tag = "保管",
    summary = "解除暂停销毁",
    description = "解除一项暂停销毁。只供不限机关的调用方。",
    params(("id" = String, Path, description = "暂停销毁的编号")),
    responses(
        (status = 204, description = "已解除"),
        NotYours,
        (
            status = 409,
            description = "早已解除",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn release(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    check_unbound(&caller)?;
    app.archive.release_hold(&id, origin.actor(&caller.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
