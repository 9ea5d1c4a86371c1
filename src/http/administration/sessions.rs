//! `/v1/sessions`: lists and ends the sessions of signed-in staff.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::sessions::{Ending, Session};
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::problem::Problem;

/// The sessions that have not ended.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "未结束的会话，按开始的先后")]
pub struct SessionList {
    #[schemars(description = "会话")]
    sessions: Vec<SessionRecord>,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "登录会话的记录")]
struct SessionRecord {
    #[schemars(description = "会话的编号")]
    id: String,
    #[schemars(description = "密钥的编号，或登录人员的标识")]
    caller: String,
    #[schemars(description = "名称")]
    name: String,
    #[schemars(description = "角色")]
    roles: Vec<&'static str>,
    #[schemars(description = "所属机关；不限机关时为null")]
    agency: Option<String>,
    #[schemars(with = "String", description = "登录时间")]
    created_at: Moment,
    #[schemars(with = "String", description = "最近使用时间，准确到分钟")]
    last_used_at: Moment,
    #[schemars(with = "String", description = "到期时间")]
    expires_at: Moment,
}

/// Lists the sessions.
///
/// # Errors
/// Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    operation_id = "listSessions",
    tag = "管理",
    summary = "列出会话",
    description = "未结束的登录会话。",
    responses((
        status = 200,
        description = "会话",
        body = ref("#/components/schemas/SessionList"),
        content_type = "application/json"
    ))
)]
pub async fn list(State(app): State<Arc<App>>) -> Result<Json<SessionList>, Problem> {
    let sessions = app.archive.sessions().await?;
    Ok(Json(SessionList { sessions: sessions.into_iter().map(record).collect() }))
}

/// Ends a session.
///
/// # Errors
/// Returns `Problem::NotFound` if there is no such session, and `FilingProblem::Archive` if the
/// archive fails.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{id}",
    operation_id = "endSession",
    tag = "管理",
    summary = "结束会话",
    description = "结束会话，立即生效；其人员须重新登录。",
    params(("id" = String, Path, description = "会话的编号")),
    responses(
        (status = 204, description = "已结束"),
        (
            status = 404,
            description = "没有这个会话，或已结束",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn end(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    match app.archive.end_sessions(Ending::Id(&id), origin.actor(&caller.id)).await? {
        0 => Err(Problem::NotFound),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

fn record(session: Session) -> SessionRecord {
    let Session { id, caller, name, roles, agency, created_at, last_used_at, expires_at } = session;
    let roles = roles.names();
    SessionRecord { id, caller, name, roles, agency, created_at, last_used_at, expires_at }
}
