//! `GET /v1/me`: the caller with their roles and agency.

use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Identity;
use crate::http::access::caller::NamedCaller;

/// The caller.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "当前的调用方")]
pub struct Me {
    /// The id of the key or of the person.
    #[schemars(description = "密钥的编号，或登录人员的标识；以本机令牌访问的为local")]
    id: String,
    /// The display name.
    #[schemars(description = "名称")]
    name: String,
    /// The roles.
    #[schemars(
        description = "角色：submit提交、read查阅、archive归档、review审核、approve签发、direct直接生成（不经审签）、metrics监测、admin管理（含direct以外各项）"
    )]
    roles: Vec<&'static str>,
    /// The agency that the caller is limited to, if any.
    #[schemars(description = "所属机关；不限机关时为null")]
    agency: Option<String>,
}

impl Me {
    /// Describes a caller.
    pub fn of(Identity { caller, name }: Identity) -> Self {
        Self { id: caller.id, name, roles: caller.roles.names(), agency: caller.agency }
    }
}

/// Returns the caller.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "getMe",
    tag = "登录",
    summary = "当前的调用方",
    description = "当前密钥或会话属于谁，有哪些角色，限定于哪个机关。",
    responses((
        status = 200,
        description = "当前的调用方",
        body = ref("#/components/schemas/Me"),
        content_type = "application/json"
    ))
)]
pub async fn get(NamedCaller(known): NamedCaller) -> Json<Me> {
    Json(Me::of(known))
}
