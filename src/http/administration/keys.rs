//! `/v1/keys`: lists, adds and revokes the keys of callers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::access::caller::{Grant, GrantError, Roles};
use crate::archive::access::keys::{Key, Revoked, is_key_name};
use crate::document::date::DocumentDate;
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;

/// A key to add.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "要添加的密钥")]
pub struct NewKey {
    #[schemars(description = "名称，如使用人或所属系统，至多100字")]
    name: String,
    #[schemars(
        description = "角色：submit提交、read查阅、archive归档、review审核、approve签发、direct直接生成（不经审签）、metrics监测、admin管理（含direct以外各项）"
    )]
    roles: Vec<String>,
    #[schemars(description = "所属机关；不给则不限机关")]
    agency: Option<String>,
    #[schemars(description = "有效期的最后一天（北京时间，YYYY-MM-DD）；不给则长期有效")]
    expires: Option<String>,
}

/// A key that was added.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "已添加的密钥；只在此时给出")]
pub struct AddedKey {
    #[schemars(description = "密钥的编号")]
    id: String,
    #[schemars(description = "密钥，以后不能再查看")]
    key: String,
}

/// All keys.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "全部密钥，按添加的先后")]
pub struct KeyList {
    #[schemars(description = "密钥")]
    keys: Vec<KeyRecord>,
}

/// A key without its secret.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "密钥的记录，不含密钥本身")]
struct KeyRecord {
    #[schemars(description = "密钥的编号")]
    id: String,
    #[schemars(description = "名称")]
    name: String,
    #[schemars(description = "角色")]
    roles: Vec<&'static str>,
    #[schemars(description = "所属机关；不限机关时为null")]
    agency: Option<String>,
    #[schemars(with = "String", description = "添加时间")]
    created_at: Moment,
    #[schemars(with = "Option<String>", description = "失效时间；长期有效时为null")]
    expires_at: Option<Moment>,
    #[schemars(with = "Option<String>", description = "撤销时间；未撤销时为null")]
    revoked_at: Option<Moment>,
    #[schemars(with = "Option<String>", description = "最近使用时间，准确到分钟")]
    last_used_at: Option<Moment>,
}

/// Lists the keys.
///
/// # Errors
/// Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/keys",
    operation_id = "listKeys",
    tag = "管理",
    summary = "列出密钥",
    description = "全部密钥，包括已撤销和已失效的。密钥本身不能查看。",
    responses((
        status = 200,
        description = "密钥",
        body = ref("#/components/schemas/KeyList"),
        content_type = "application/json"
    ))
)]
pub async fn list(State(app): State<Arc<App>>) -> Result<Json<KeyList>, Problem> {
    let keys = app.archive.keys().await?;
    Ok(Json(KeyList { keys: keys.into_iter().map(record).collect() }))
}

/// Adds a key.
///
/// # Errors
/// Returns `Problem::Key` if the key cannot be added as described, and `FilingProblem::Archive` if
/// the archive fails.
#[utoipa::path(
    post,
    path = "/v1/keys",
    operation_id = "addKey",
    tag = "管理",
    summary = "添加密钥",
    description = "添加密钥。密钥只在回复中给出一次，请妥善保存。添加第一个密钥后，本机令牌即失效。",
    request_body(content = ref("#/components/schemas/NewKey"), content_type = "application/json"),
    responses((
        status = 201,
        description = "已添加",
        body = ref("#/components/schemas/AddedKey"),
        content_type = "application/json"
    ))
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    origin: RequestOrigin,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let new = serde_json::from_slice(&body).map_err(|_| Problem::Key(SHAPE))?;
    let (name, grant, expires_at) = read(new, app.archive.now()).map_err(Problem::Key)?;
    let token = app.archive.add_key(&name, &grant, expires_at, origin.actor(&caller.id)).await?;
    app.access.key_added();
    let added = AddedKey { key: token.reveal(), id: token.id };
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

/// Revokes a key.
///
/// # Errors
/// Returns `Problem::NotFound` if there is no such key, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    delete,
    path = "/v1/keys/{id}",
    operation_id = "revokeKey",
    tag = "管理",
    summary = "撤销密钥",
    description = "撤销密钥，立即生效，不能恢复；其会话随之结束，其未完成的批次随之取消。已撤销的再次撤销，结果不变。",
    params(("id" = String, Path, description = "密钥的编号")),
    responses(
        (status = 204, description = "已撤销"),
        (
            status = 404,
            description = "没有这个密钥",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn revoke(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    let actor = origin.actor(&caller.id);
    match app.archive.revoke_key(&id, actor).await? {
        Revoked::Now => {
            app.jobs.cancel_batches_of(&id, actor).await?;
        }
        Revoked::Before(_) => {}
        Revoked::Unknown => return Err(Problem::NotFound),
    }
    Ok(StatusCode::NO_CONTENT)
}

const SHAPE: &str =
    "请给出名称（name）和角色（roles），所属机关（agency）和有效期（expires）可以不给。";

/// The name, the grant and the expiry of a new key, or why it cannot be added.
fn read(new: NewKey, now: Moment) -> Result<(String, Grant, Option<Moment>), &'static str> {
    let name = new.name.trim().to_owned();
    if !is_key_name(&name) {
        return Err("名称不能为空、含控制字符或超过100字。");
    }
    let roles: Roles = new.roles.join(",").parse().map_err(|_| "没有这种角色。")?;
    let grant = Grant::new(roles, new.agency).map_err(sentence)?;
    let expires_at = new.expires.map(|day| DocumentDate::parse(&day)).transpose();
    let expires_at = expires_at.map_err(|_| "有效期应为日期，写作YYYY-MM-DD。")?;
    let expires_at = expires_at.map(Moment::end_of_day_in_china);
    if expires_at.is_some_and(|at| at <= now) {
        return Err("有效期的日期已过。");
    }
    Ok((name, grant, expires_at))
}

fn sentence(error: GrantError) -> &'static str {
    match error {
        GrantError::NoRole => "请指定至少一个角色。",
        GrantError::AdminOfAgency => "管理角色可查看各机关的操作记录，不能限定机关。",
        GrantError::AgencyName => "机关名称为空、首尾有空格、含控制字符或超过100字。",
    }
}

fn record(key: Key) -> KeyRecord {
    let Key { id, name, roles, agency, created_at, expires_at, revoked_at, last_used_at } = key;
    let roles = roles.names();
    KeyRecord { id, name, roles, agency, created_at, expires_at, revoked_at, last_used_at }
}
