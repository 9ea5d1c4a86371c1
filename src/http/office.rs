//! `GET /`: the page of the office, and the files that it loads.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::problem::Problem;
use crate::web::assets::{self, ASSETS, Asset};
use crate::web::page::PAGE;

/// The page runs only files of this server, and no text becomes markup or script (Trusted Types).
/// The pictures of the preview are `blob:` URLs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The address of a file contains the hash of all files, so what it names never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Returns the page.
#[utoipa::path(
    get,
    path = "/",
    operation_id = "getPage",
    tag = "服务",
    summary = "公文页面",
    description = "供办公人员在浏览器中起草、检查和生成公文的网页。",
    responses((status = 200, description = "网页", body = String, content_type = "text/html"))
)]
pub async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    (headers, PAGE.as_str()).into_response()
}

/// Returns a file that the page loads.
///
/// # Errors
/// Returns `Problem::NotFound` if the page of this program does not load it.
#[utoipa::path(
    get,
    path = "/assets/{version}/{folder}/{file}",
    operation_id = "getPageFile",
    tag = "服务",
    summary = "公文页面的文件",
    description = "公文页面所用的脚本、样式和示例。",
    params(
        ("version" = String, Path, description = "全部文件的版本"),
        ("folder" = String, Path, description = "文件夹", example = "shell"),
        ("file" = String, Path, description = "文件名", example = "main.js")
    ),
    responses((status = 200, description = "脚本、样式或示例", content(
        (String = "text/javascript"),
        (String = "text/css"),
        (String = "image/svg+xml"),
        (serde_json::Value = "application/json")
    )))
)]
pub async fn file(
    Path((version, folder, file)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let path = format!("{folder}/{file}");
    let asset = ASSETS.iter().find(|asset| asset.path == path);
    let asset = asset.filter(|_| version == *assets::VERSION).ok_or(Problem::NotFound)?;
    let headers = [(header::CONTENT_TYPE, media_type(asset)), (header::CACHE_CONTROL, FOREVER)];
    Ok((headers, asset.text).into_response())
}

fn media_type(asset: &Asset) -> &'static str {
    match asset.path.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "svg")) => "image/svg+xml",
        _ => "text/javascript; charset=utf-8",
    }
}
