//! `GET /v1/me`: the caller with their roles, their agency and what they have stored.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Identity;
use crate::archive::quota::{Quota, Usage};
use crate::http::access::caller::NamedCaller;
use crate::http::app::App;
use crate::http::problem::Problem;

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
    /// What is stored, and the quotas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "已保存的公文及其上限；仅见于GET /v1/me")]
    stored: Option<Stored>,
}

/// What is stored.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "已保存的公文及其上限")]
pub struct Stored {
    /// What the caller has posted.
    #[schemars(description = "当前调用方提交的")]
    by_caller: StoredAmount,
    /// What the caller's agency leads.
    #[schemars(description = "所属机关为主办机关的；不限机关时为null")]
    of_agency: Option<StoredAmount>,
}

/// An amount and its quota.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "件数和容量，及其上限")]
pub struct StoredAmount {
    /// The number of filings.
    #[schemars(description = "公文件数")]
    filings: i64,
    /// The most filings.
    #[schemars(description = "公文件数的上限；不限时为null")]
    max_filings: Option<i64>,
    /// The bytes of all files.
    #[schemars(description = "文件的字节数，包括来源、PDF、签署件和核验结论")]
    bytes: i64,
    /// The most bytes.
    #[schemars(description = "字节数的上限；不限时为null")]
    max_bytes: Option<i64>,
}

impl StoredAmount {
    fn new(usage: Usage, quota: Quota) -> Self {
        Self {
            filings: usage.filings,
            max_filings: quota.filings,
            bytes: usage.bytes,
            max_bytes: quota.bytes,
        }
    }
}

impl Me {
    /// Describes a caller.
    pub fn of(Identity { caller, name }: Identity) -> Self {
        Self {
            id: caller.id,
            name,
            roles: caller.roles.names(),
            agency: caller.agency,
            stored: None,
        }
    }
}

/// Returns the caller.
///
/// # Errors
/// Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "getMe",
    tag = "登录",
    summary = "当前的调用方",
    description = "当前密钥或会话属于谁，有哪些角色，限定于哪个机关，已保存多少公文。",
    responses((
        status = 200,
        description = "当前的调用方",
        body = ref("#/components/schemas/Me"),
        content_type = "application/json"
    ))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    NamedCaller(known): NamedCaller,
) -> Result<Json<Me>, Problem> {
    let quotas = app.archive.quotas();
    let by_caller = app.archive.usage_of_caller(&known.caller.id).await?;
    let of_agency = match &known.caller.agency {
        Some(agency) => Some(app.archive.usage_of_agency(agency).await?),
        None => None,
    };
    let stored = Stored {
        by_caller: StoredAmount::new(by_caller, quotas.caller),
        of_agency: of_agency.map(|usage| StoredAmount::new(usage, quotas.agency)),
    };
    Ok(Json(Me { stored: Some(stored), ..Me::of(known) }))
}
