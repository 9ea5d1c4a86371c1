//! `POST /v1/previews`: draws one page of a filing without storing it.

use std::num::NonZeroUsize;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};

use crate::generate::preview;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;
use crate::render::engine::picture::{Drawn, Width};

/// The number of pages of the filing.
pub const HONGTOU_PAGES: HeaderName = HeaderName::from_static("hongtou-pages");

/// Draws a page of a filing.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, `Problem::Unreadable` or `Problem::Refused` if
/// the body is not a valid filing, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    post,
    path = "/v1/previews",
    operation_id = "previewFiling",
    tag = "公文",
    summary = "预览一页",
    description = "将提交的内容排版，回复其中一页的图片；不生成PDF，不保存。图片与PDF的该页相同。",
    params(
        ("page" = Option<u32>, Query, description = "第几页，从1起，默认1", minimum = 1, maximum = 9999),
        (
            "width" = Option<u32>,
            Query,
            description = "图片的宽度（像素），默认900",
            minimum = 100,
            maximum = 2400
        )
    ),
    request_body(content = ref("#/components/schemas/Submission"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "该页的图片",
            content((Vec<u8> = "image/png")),
            headers(("Hongtou-Pages" = u32, description = "全文的页数"))
        ),
        (
            status = 404,
            description = "没有这一页；Hongtou-Pages为全文的页数",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "内容不符合规定，逐项列出",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    RawQuery(query): RawQuery,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let (page, width) = read(query.as_deref().unwrap_or_default()).map_err(Problem::Query)?;
    let typesetters = app.generator.typesetters();
    let (chosen, body) = typesetters.of_body(&app.archive, caller.agency.as_deref(), body).await?;
    let work = move || preview(&body, chosen.typesetter(), page, width);
    let drawn = app.previews.run(&caller.id, work).await??;
    let Drawn { png, pages } = drawn;
    let pages = [(HONGTOU_PAGES, pages.to_string())];
    Ok(match png {
        Some(png) => (pages, [(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => (pages, Problem::NoSuchPage).into_response(),
    })
}

/// Parses the page and the width. The error is a sentence for staff.
fn read(query: &str) -> Result<(NonZeroUsize, Width), String> {
    let (mut page, mut width) = (None, None);
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("page", value)) if page.is_none() => {
                let number = whole(value).filter(|number| *number <= 9999);
                let number = number.and_then(|number| NonZeroUsize::new(usize::from(number)));
                page = Some(number.ok_or("page应为1至9999的整数。")?);
            }
            Some(("width", value)) if width.is_none() => {
                width = Some(whole(value).and_then(Width::new).ok_or_else(|| {
                    format!("width应为{}至{}的整数。", Width::NARROWEST, Width::WIDEST)
                })?);
            }
            _ => return Err("只能给出page和width，各一次。".to_owned()),
        }
    }
    Ok((page.unwrap_or(NonZeroUsize::MIN), width.unwrap_or(Width::USUAL)))
}

/// Parses digits only; `parse` alone accepts a sign.
fn whole(value: &str) -> Option<u16> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::read;
    use crate::render::engine::picture::Width;

    #[test]
    fn a_query_is_parsed_completely_or_refused() {
        let page = |number| NonZeroUsize::new(number).unwrap();
        assert_eq!(read(""), Ok((page(1), Width::USUAL)));
        assert_eq!(read("page=12&width=100"), Ok((page(12), Width::new(100).unwrap())));
        assert_eq!(read("width=2400"), Ok((page(1), Width::new(2400).unwrap())));
        let refused = [
            "page=0",
            "page=-1",
            "page=+1",
            "page=1.0",
            "page=",
            "page",
            "page=10000",
            "page=99999999",
            "width=99",
            "width=2401",
            "width=wide",
            "page=1&page=1",
            "pages=1",
            "page=%31",
        ];
        for query in refused {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
