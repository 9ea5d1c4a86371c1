//! `GET /healthz`: whether the server answers at all.

use axum::Json;
use serde::Serialize;

/// The health of the server.
#[derive(Debug, Serialize)]
pub struct Health {
    status: &'static str,
}

/// Says that the server answers.
pub async fn get() -> Json<Health> {
    Json(Health { status: "ok" })
}
