//! `POST /v1/checks`: checks a filing without rendering or storing it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::generate::{Checked, check};
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;

/// Checks a filing.
///
/// # Errors
/// Returns `Problem::Unreadable` if the body is not JSON, and `Problem::Busy` if no permit is
/// available in time.
#[utoipa::path(
    post,
    path = "/v1/checks",
    operation_id = "checkFiling",
    tag = "公文",
    summary = "检查公文",
    description = "按规定检查提交的内容，一次列出全部错误和疑点；不排版，不保存。",
    request_body(content = ref("#/components/schemas/Checkable"), content_type = "application/json"),
    responses((
        status = 200,
        description = "检查结果，无论是否符合规定",
        body = ref("#/components/schemas/Checked"),
        content_type = "application/json"
    ))
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    JsonBody(body): JsonBody,
) -> Result<Json<Checked>, Problem> {
    let typesetters = app.generator.typesetters();
    let (chosen, body) = typesetters.of_body(&app.archive, caller.agency.as_deref(), body).await?;
    let work = move || check(&body, chosen.typesetter().coverage());
    let checked = app.checks.run(&caller.id, work).await?;
    checked.map(Json).map_err(Problem::Unreadable)
}
