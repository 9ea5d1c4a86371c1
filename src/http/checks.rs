//! `POST /v1/checks`: what the rules say of a filing; nothing is rendered or kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::generate::{Checked, check};
use crate::http::App;
use crate::http::extract::JsonBody;
use crate::http::problem::Problem;

/// Checks a filing.
///
/// # Errors
/// A body that is not JSON, or a server too busy to check it.
pub async fn post(
    State(app): State<Arc<App>>,
    JsonBody(body): JsonBody,
) -> Result<Json<Checked>, Problem> {
    let typesetter = app.generator.typesetter().clone();
    let checked = app.checks.run(move || check(&body, typesetter.coverage())).await?;
    checked.map(Json).map_err(Problem::Unreadable)
}
