//! `POST /v1/fixes`: corrects unambiguous typing errors in a submission.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::fix::{Fix, Fixed, fix};
use crate::generate::UnreadableJson;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;
use crate::submission::read::{ReadError, SyntaxCause};

/// A submission with its mends.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "改正后的内容，和改正之处")]
pub struct Mended {
    /// As posted, except for the mended strings.
    #[schemars(with = "serde_json::Value", description = "改正后的内容，其余与提交的相同")]
    submission: Box<RawValue>,
    #[schemars(description = "改正之处，按内容的先后")]
    fixes: Vec<MendedString>,
}

/// A string that was mended.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "改正的一处文字")]
struct MendedString {
    #[schemars(description = "所在之处（JSON Pointer）")]
    pointer: String,
    #[schemars(description = "原文")]
    before: String,
    #[schemars(description = "改正后的文字")]
    after: String,
    #[schemars(description = "所在之处的名称和所作的改正")]
    detail: String,
}

/// Mends a submission.
///
/// # Errors
/// Returns `Problem::Unreadable` if the body is not JSON, and `Problem::Busy` if no permit is
/// available in time.
#[utoipa::path(
    post,
    path = "/v1/fixes",
    operation_id = "fixFiling",
    tag = "公文",
    summary = "改正录入错误",
    description = "改正无歧义的录入错误（康熙部首、半角标点、多余的空格和系统自动加上的字样），并列出改正之处；需要判断的，留给经办人。不保存。",
    request_body(content = ref("#/components/schemas/Checkable"), content_type = "application/json"),
    responses((
        status = 200,
        description = "改正后的内容和改正之处，无可改正的，内容照旧",
        body = ref("#/components/schemas/Mended"),
        content_type = "application/json"
    ))
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    JsonBody(body): JsonBody,
) -> Result<Json<Mended>, Problem> {
    let mended = app.checks.run(&caller.id, move || mended(&body)).await?;
    mended.map(Json).map_err(Problem::Unreadable)
}

fn mended(body: &[u8]) -> Result<Mended, UnreadableJson> {
    let not_json = |line, column, cause| UnreadableJson { line, column, cause };
    let Fixed { text, fixes } = fix(body).map_err(|error| match error {
        ReadError::Syntax { line, column, cause } => not_json(line, column, cause),
        // The mends do not read the shape.
        ReadError::Shape(_) => not_json(1, 1, SyntaxCause::NotJson),
    })?;
    let submission = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| not_json(error.line(), error.column(), SyntaxCause::NotJson))?;
    Ok(Mended { submission, fixes: fixes.into_iter().map(mended_string).collect() })
}

fn mended_string(fix: Fix) -> MendedString {
    let detail = fix.to_string();
    let Fix { pointer, before, after, .. } = fix;
    MendedString { pointer, before, after, detail }
}
