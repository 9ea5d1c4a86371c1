//! `/v1/disposals`: 鉴定, 审批 and 监销 of filings whose retention is over.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::retention::disposal::{Decision, Disposal, DisposalItem};
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{DisposalRefused, NotYours};
use crate::http::preservation::bodies::{
    NewApproval, NewDecision, NewDisposal, check_count, check_text, check_unbound,
};
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;

/// The most disposals that are listed.
const MOST: u16 = 200;

/// A disposal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Disposal", description = "一次销毁")]
pub struct DisposalRecord {
    #[schemars(description = "编号")]
    id: String,
    #[schemars(
        description = "状态：proposed已提请，approved已批准、待两人监销，rejected未批准，watched正在销毁，done已销毁"
    )]
    state: &'static str,
    #[schemars(description = "鉴定意见")]
    appraisal: String,
    #[schemars(description = "提请者的编号")]
    proposed_by: String,
    #[schemars(description = "提请时间（RFC 3339，UTC）")]
    proposed_at: Moment,
    #[schemars(description = "审批者的编号；没有审批的为null")]
    decided_by: Option<String>,
    #[schemars(description = "审批时间；没有审批的为null")]
    decided_at: Option<Moment>,
    #[schemars(description = "监销者的编号")]
    watchers: Vec<String>,
    #[schemars(description = "销毁时间；没有销毁的为null")]
    done_at: Option<Moment>,
    #[schemars(description = "销毁清册的SHA-256；没有的为null")]
    register_sha256: Option<String>,
    #[schemars(description = "逐件的处置；列出各次销毁时为空")]
    filings: Vec<ItemRecord>,
}

/// What happens to a filing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DisposalItem", description = "一件公文的处置")]
pub struct ItemRecord {
    #[schemars(description = "公文的编号")]
    filing: String,
    #[schemars(description = "处置：destroy销毁、keep续存")]
    decision: &'static str,
    #[schemars(description = "续存到哪一年；永久或销毁的为null")]
    last_year: Option<i64>,
}

/// The disposals.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Disposals", description = "各次销毁，新的在前，至多200次")]
pub struct DisposalList {
    #[schemars(description = "各次销毁")]
    disposals: Vec<DisposalRecord>,
}

impl From<Disposal> for DisposalRecord {
    fn from(disposal: Disposal) -> Self {
        let filings = disposal.items.into_iter().map(|DisposalItem { filing, decision }| {
            let (decision, last_year) = match decision {
                Decision::Destroy => ("destroy", None),
                Decision::Keep(last_year) => ("keep", last_year),
            };
            ItemRecord { filing, decision, last_year }
        });
        Self {
            id: disposal.id,
            state: disposal.state.name(),
            appraisal: disposal.appraisal,
            proposed_by: disposal.proposed_by,
            proposed_at: disposal.proposed_at,
            decided_by: disposal.decided_by,
            decided_at: disposal.decided_at,
            watchers: disposal.watchers,
            done_at: disposal.done_at,
            register_sha256: disposal.register.map(|register| register.sha256),
            filings: filings.collect(),
        }
    }
}

/// Lists the disposals.
///
/// # Errors
/// Returns `FilingProblem::NotYours` for a caller of one agency, and `FilingProblem::Archive` if the
/// archive fails.
#[utoipa::path(
    get,
    path = "/v1/disposals",
    operation_id = "listDisposals",
    tag = "保管",
    summary = "各次销毁",
    description = "列出各次销毁，新的在前，至多200次。只供不限机关的调用方。",
    responses(
        (
            status = 200,
            description = "各次销毁",
            body = ref("#/components/schemas/Disposals"),
            content_type = "application/json"
        ),
        NotYours
    )
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<Json<DisposalList>, Problem> {
    check_unbound(&caller)?;
    let disposals = app.archive.disposals(MOST).await?;
    Ok(Json(DisposalList { disposals: disposals.into_iter().map(DisposalRecord::from).collect() }))
}

/// Returns a disposal.
///
/// # Errors
/// As `list`; also returns `Problem::NotFound` without such a disposal.
#[utoipa::path(
    get,
    path = "/v1/disposals/{id}",
    operation_id = "getDisposal",
    tag = "保管",
    summary = "一次销毁",
    description = "给出一次销毁的经过和逐件的处置。只供不限机关的调用方。",
    params(("id" = String, Path, description = "销毁的编号")),
    responses(
        (
            status = 200,
            description = "销毁的经过",
            body = ref("#/components/schemas/Disposal"),
            content_type = "application/json"
        ),
        NotYours
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
) -> Result<Json<DisposalRecord>, Problem> {
    check_unbound(&caller)?;
    find(&app, &id).await
}

/// Proposes a disposal.
///
/// # Errors
/// As `list`; also returns a `RetentionProblem` if the body is invalid or a filing may not be
/// destroyed.
#[utoipa::path(
    post,
    path = "/v1/disposals",
    operation_id = "postDisposal",
    tag = "保管",
    summary = "提请销毁",
    description = "提请销毁期满的公文，附鉴定意见；经鉴定仍须保存的，一并列明续存到哪一年。没有期满、暂停销毁的不能提请。只供不限机关的调用方。",
    request_body(content = ref("#/components/schemas/NewDisposal"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "已提请；地址见Location",
            body = ref("#/components/schemas/Disposal"),
            content_type = "application/json"
        ),
        NotYours,
        (
            status = 404,
            description = "没有所列的公文",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        DisposalRefused,
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
    let NewDisposal { appraisal, filings } = body.parse()?;
    check_text("鉴定意见", &appraisal)?;
    check_count(filings.len())?;
    let items: Vec<DisposalItem> = filings
        .into_iter()
        .map(|item| DisposalItem {
            filing: item.filing,
            decision: match item.decision {
                NewDecision::Destroy => Decision::Destroy,
                NewDecision::Keep => Decision::Keep(item.last_year),
            },
        })
        .collect();
    let actor = origin.actor(&caller.id);
    let id = app.archive.propose_disposal(&appraisal, &items, actor).await?;
    let location = [(header::LOCATION, format!("/v1/disposals/{id}"))];
    Ok((StatusCode::CREATED, location, find(&app, &id).await?).into_response())
}

/// Approves or rejects a disposal.
///
/// # Errors
/// As `get`; also returns a `RetentionProblem` if the body is invalid, the disposal is decided
/// already, or the caller proposed it.
#[utoipa::path(
    post,
    path = "/v1/disposals/{id}/decision",
    operation_id = "decideDisposal",
    tag = "保管",
    summary = "审批销毁",
    description = "批准或不批准销毁。审批者不能是提请者。只供不限机关的调用方。",
    params(("id" = String, Path, description = "销毁的编号")),
    request_body(content = ref("#/components/schemas/NewApproval"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "销毁的经过",
            body = ref("#/components/schemas/Disposal"),
            content_type = "application/json"
        ),
        NotYours,
        DisposalRefused,
        (
            status = 422,
            description = "提交内容不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn decide(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
    body: JsonBody,
) -> Result<Json<DisposalRecord>, Problem> {
    check_unbound(&caller)?;
    let NewApproval { approved } = body.parse()?;
    app.archive.decide_disposal(&id, approved, origin.actor(&caller.id)).await?;
    find(&app, &id).await
}

/// Watches the execution of a disposal; the second person executes it.
///
/// # Errors
/// As `get`; also returns a `RetentionProblem` if the disposal is not approved, the caller approved
/// it or watches already, or a filing may no longer be destroyed.
#[utoipa::path(
    post,
    path = "/v1/disposals/{id}/watch",
    operation_id = "watchDisposal",
    tag = "保管",
    summary = "监销",
    description = "两人监销，都不能是审批者。第二人监销时即行销毁：记录留存，其文件（其他公文还需要的除外）不可恢复地删除。只供不限机关的调用方。",
    params(("id" = String, Path, description = "销毁的编号")),
    responses(
        (
            status = 200,
            description = "销毁的经过",
            body = ref("#/components/schemas/Disposal"),
            content_type = "application/json"
        ),
        NotYours,
        DisposalRefused
    )
)]
pub async fn watch(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<Json<DisposalRecord>, Problem> {
    check_unbound(&caller)?;
    app.archive.watch_disposal(&id, origin.actor(&caller.id)).await?;
    find(&app, &id).await
}

async fn find(app: &App, id: &str) -> Result<Json<DisposalRecord>, Problem> {
    let disposal = app.archive.disposal(id).await?.ok_or(Problem::NotFound)?;
    Ok(Json(disposal.into()))
}
