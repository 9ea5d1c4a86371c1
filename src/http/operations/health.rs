//! `GET /healthz`: whether the server responds at all.

use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;

/// The health of the server.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "服务的状态")]
pub struct Health {
    #[schemars(description = "始终为ok")]
    status: &'static str,
}

/// Returns 200 as long as the server responds.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "getHealth",
    tag = "服务",
    summary = "服务是否在运行",
    description = "只说明服务在运行；能否处理请求见/readyz。",
    responses((
        status = 200,
        description = "服务在运行",
        body = ref("#/components/schemas/Health"),
        content_type = "application/json"
    ))
)]
pub async fn get() -> Json<Health> {
    Json(Health { status: "ok" })
}
