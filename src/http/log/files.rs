//! `GET /log/…`: the public files of the log (c2sp.org/tlog-tiles). They have hashes only; the entries,
//! which also have times and kinds of acts, are for administrators.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::app::App;
use crate::http::contract::responses::NoLogFile;
use crate::http::problem::Problem;
use crate::log::tree::tile::Tile;

/// A tile never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Returns the newest checkpoint.
///
/// # Errors
/// Returns `Problem::NotFound` before the first one, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/log/checkpoint",
    operation_id = "getCheckpoint",
    tag = "存证",
    summary = "存证日志的检查点",
    description = "最新的检查点：日志的名称、条数和根散列，附日志和见证方的签名（C2SP tlog-checkpoint）。",
    responses(
        (status = 200, description = "检查点", body = String, content_type = "text/plain"),
        NoLogFile
    )
)]
pub async fn checkpoint(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let checkpoint = app.archive.newest_checkpoint().await?.ok_or(Problem::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, checkpoint.to_text()).into_response())
}

/// Returns a tile of hashes.
///
/// # Errors
/// Returns `Problem::NotFound` if the log has no such tile, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    get,
    path = "/log/tile/{*path}",
    operation_id = "getTile",
    tag = "存证",
    summary = "存证日志的散列",
    description = "一块散列，不含任何内容（C2SP tlog-tiles）。",
    params(("path" = String, Path, description = "层和位置", example = "0/000")),
    responses(
        (status = 200, description = "散列", body = Vec<u8>, content_type = "application/octet-stream"),
        NoLogFile
    )
)]
pub async fn tile(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let tile = Tile::from_path(&path).filter(|tile| tile.level.is_some());
    file(&app, tile, FOREVER).await
}

/// Returns a bundle of entries.
///
/// # Errors
/// Like `tile`.
#[utoipa::path(
    get,
    path = "/log/tile/entries/{*path}",
    operation_id = "getEntries",
    tag = "存证",
    summary = "存证日志的条目",
    description = "一批条目：操作的种类、时间和所存文件的散列，不含名称和标题（C2SP tlog-tiles）。",
    params(("path" = String, Path, description = "位置", example = "000")),
    responses(
        (status = 200, description = "条目", body = Vec<u8>, content_type = "application/octet-stream"),
        NoLogFile
    )
)]
pub async fn entries(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    file(&app, Tile::from_path(&format!("entries/{path}")), "no-store").await
}

async fn file(app: &App, tile: Option<Tile>, cached: &'static str) -> Result<Response, Problem> {
    let tile = tile.ok_or(Problem::NotFound)?;
    let bytes = app.archive.log_file(tile).await?.ok_or(Problem::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, cached)];
    Ok((headers, bytes).into_response())
}
