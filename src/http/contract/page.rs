//! `GET /docs`: the contract as a page (Swagger UI), served without other hosts.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::Config;

use crate::http::problem::Problem;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");

/// The files of Swagger UI that the page loads; the others are not served.
const PARTS: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/// The page may load only files of this server. Swagger UI uses inline styles, and `data:` URLs for
/// its icons.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// `serve` requires a configuration but uses it only for files that are not served here.
static UNUSED: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| Arc::new(Config::from("")));

/// Returns the page.
#[utoipa::path(
    get,
    path = "/docs",
    operation_id = "getDocs",
    tag = "服务",
    summary = "接口说明页",
    description = "供人阅读和试用的接口说明，离线可用。",
    responses((status = 200, description = "网页", body = String, content_type = "text/html"))
)]
pub async fn get() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    (headers, PAGE).into_response()
}

/// Returns a file that the page loads.
///
/// # Errors
/// Returns `Problem::NotFound` if the page does not load this file.
#[utoipa::path(
    get,
    path = "/docs/{file}",
    operation_id = "getDocsFile",
    tag = "服务",
    summary = "接口说明页的文件",
    description = "接口说明页所用的样式、脚本或图标。",
    params(("file" = String, Path, description = "文件名", example = "page.js")),
    responses((status = 200, description = "样式、脚本或图标", content(
        (String = "text/css"),
        (String = "text/javascript"),
        (Vec<u8> = "image/png")
    )))
)]
pub async fn file(Path(file): Path<String>) -> Result<Response, Problem> {
    // The files are public and change only with the program.
    const CACHE_ONE_HOUR: (HeaderName, &str) = (header::CACHE_CONTROL, "max-age=3600");
    if file == "page.js" {
        let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), CACHE_ONE_HOUR];
        return Ok((headers, SCRIPT).into_response());
    }
    let part = PARTS.into_iter().find(|part| *part == file).ok_or(Problem::NotFound)?;
    let part = utoipa_swagger_ui::serve(part, Arc::clone(&UNUSED));
    let part = part.ok().flatten().ok_or(Problem::NotFound)?;
    let headers = [(header::CONTENT_TYPE, part.content_type)];
    Ok((headers, [CACHE_ONE_HOUR], part.bytes.into_owned()).into_response())
}
