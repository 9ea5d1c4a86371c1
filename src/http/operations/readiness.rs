//! `GET /readyz`: whether each part that answers need is there.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::timeout;

use crate::archive::error::ArchiveError;
use crate::http::app::App;
use crate::validate::text::typeface::Typeface;

/// How long a part may take to answer; a balancer asks every few seconds.
const DEADLINE: Duration = Duration::from_secs(2);

/// What is there and what is not.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "服务各部分是否可用")]
pub struct Readiness {
    #[schemars(description = "是否全部可用")]
    ready: bool,
    #[schemars(description = "数据库")]
    database: Part,
    #[schemars(description = "文件存储")]
    store: Part,
    #[schemars(description = "字体")]
    fonts: Part,
}

/// The state of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "一个部分的状态")]
enum Part {
    #[schemars(description = "可用")]
    #[serde(rename = "ready")]
    Ready,
    #[schemars(description = "不可用")]
    #[serde(rename = "unready")]
    Unready,
}

/// Says what is there.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "getReadiness",
    tag = "服务",
    summary = "服务是否可用",
    description = "逐一说明数据库、文件存储、字体是否可用，2秒之内答复。",
    responses(
        (
            status = 200,
            description = "全部可用",
            body = ref("#/components/schemas/Readiness"),
            content_type = "application/json"
        ),
        (
            status = 503,
            description = "至少有一部分不可用",
            body = ref("#/components/schemas/Readiness"),
            content_type = "application/json"
        )
    )
)]
pub async fn get(State(app): State<Arc<App>>) -> (StatusCode, Json<Readiness>) {
    let archive = &app.archive;
    let (database, store) = tokio::join!(
        part("database", archive.database.ready()),
        part("store", archive.objects.ready())
    );
    // They are in memory; without those of every face nothing can be set.
    let coverage = app.generator.typesetter().coverage();
    let has_every_face = Typeface::ALL.into_iter().all(|face| coverage.has(face, '中'));
    let fonts = if has_every_face { Part::Ready } else { Part::Unready };
    let ready = [database, store, fonts].iter().all(|part| *part == Part::Ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, store, fonts }))
}

async fn part(name: &str, asking: impl Future<Output = Result<(), ArchiveError>>) -> Part {
    match timeout(DEADLINE, asking).await {
        Ok(Ok(())) => Part::Ready,
        Ok(Err(error)) => {
            tracing::warn!(part = name, error = %error, "not ready");
            Part::Unready
        }
        Err(_) => {
            tracing::warn!(part = name, "not ready in time");
            Part::Unready
        }
    }
}
