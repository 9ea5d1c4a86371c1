//! `GET /readyz`: whether the database, the object store and the fonts are available.

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

/// How long a part may take to respond. Load balancers poll every few seconds.
const DEADLINE: Duration = Duration::from_secs(2);

/// Whether each part is available.
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

/// Checks each part.
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
    // The fonts are in memory; rendering needs one for every typeface.
    let coverage = app.generator.typesetters().of_server().coverage();
    let has_every_face = Typeface::ALL.into_iter().all(|face| coverage.has(face, '中'));
    let fonts = if has_every_face { Part::Ready } else { Part::Unready };
    let ready = [database, store, fonts].iter().all(|part| *part == Part::Ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, store, fonts }))
}

async fn part(name: &str, check: impl Future<Output = Result<(), ArchiveError>>) -> Part {
    match timeout(DEADLINE, check).await {
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
