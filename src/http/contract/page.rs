//! `GET /docs`: the contract as a page to read and to try, all of it from this program.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::Config;

use crate::http::problem::Problem;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");

/// What the page loads of Swagger UI; the rest of it is not served.
const PARTS: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/// The page asks nobody but this server. Swagger UI sets styles on its elements and carries its
/// icons in its style sheet.
const OWN_PARTS_ALONE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Only the files are asked for; the page has its own settings.
static UNUSED: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| Arc::new(Config::from("")));

/// Gives the page.
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
        (header::CONTENT_SECURITY_POLICY, OWN_PARTS_ALONE),
    ];
    (headers, PAGE).into_response()
}

/// Gives a file that the page loads.
///
/// # Errors
/// A file that the page does not have.
#[utoipa::path(
    get,
    path = "/docs/{file}",
    operation_id = "getDocsFile",
    tag = "服务",
    summary = "接口说明页的文件",
    params(("file" = String, Path, description = "文件名", example = "page.js")),
    responses((status = 200, description = "样式、脚本或图标", content(
        (String = "text/css"),
        (String = "text/javascript"),
        (Vec<u8> = "image/png")
    )))
)]
pub async fn file(Path(file): Path<String>) -> Result<Response, Problem> {
    // Nothing in it is anyone's, and it changes with the program alone.
    const KEPT_AN_HOUR: (HeaderName, &str) = (header::CACHE_CONTROL, "max-age=3600");
    if file == "page.js" {
        let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), KEPT_AN_HOUR];
        return Ok((headers, SCRIPT).into_response());
    }
    let part = PARTS.into_iter().find(|part| *part == file).ok_or(Problem::NotFound)?;
    let part = utoipa_swagger_ui::serve(part, Arc::clone(&UNUSED));
    let part = part.ok().flatten().ok_or(Problem::NotFound)?;
    let headers = [(header::CONTENT_TYPE, part.content_type)];
    Ok((headers, [KEPT_AN_HOUR], part.bytes.into_owned()).into_response())
}
