//! `POST /v1/previews/pages`: checks a filing and draws the pages that have changed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Caller;
use crate::archive::objects::sha256;
use crate::generate::places::PrintedPlace;
use crate::generate::{Checked, PagesPreview, preview_pages};
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;
use crate::render::engine::page_pictures::{PageHash, PagePicture, Wanted};
use crate::render::engine::picture::Width;

/// The most pages and hashes in a query: more than a screen shows.
const LONGEST_LIST: usize = 100;

/// The first part of the response.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "检查结果和各页")]
pub struct PageLayout {
    #[serde(flatten)]
    checked: Checked,
    /// The pages; none if there are errors.
    #[schemars(description = "各页，依次；内容不符合规定时没有")]
    pages: Vec<PageEntry>,
    /// Where the texts are printed.
    #[schemars(description = "各处文字印在何处")]
    places: Vec<PrintedPlace>,
}

/// A page of the filing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "一页")]
pub struct PageEntry {
    /// Identifies the picture.
    #[schemars(description = "图片的标识：标识相同，图片就相同")]
    hash: String,
    /// The height of the picture.
    #[schemars(description = "图片的高度（像素）")]
    height: u32,
}

/// Checks a filing and draws the pages that the client asks for and does not have.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, `Problem::Unreadable` if the body is not JSON,
/// and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    post,
    path = "/v1/previews/pages",
    operation_id = "previewPages",
    tag = "公文",
    summary = "检查并预览",
    description = "供编辑界面边写边看：检查提交的内容，符合规定的即予排版，列出各页的标识，并给出所要的、尚未持有的各页图片；不生成PDF，不保存。内容不符合规定的，只给出错误和疑点。",
    params(
        (
            "width" = Option<u32>,
            Query,
            description = "图片的宽度（像素），默认900",
            minimum = 100,
            maximum = 2400
        ),
        (
            "want" = Option<String>,
            Query,
            description = "要哪些页的图片，以逗号分开，至多100页；默认不要图片",
            pattern = "^([1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){0,99})?$",
            example = "1,2"
        ),
        (
            "have" = Option<String>,
            Query,
            description = "已经持有的图片的标识，以逗号分开，至多100个",
            pattern = "^([0-9a-f]{32}(,[0-9a-f]{32}){0,99})?$"
        )
    ),
    request_body(content = ref("#/components/schemas/Checkable"), content_type = "application/json"),
    responses((
        status = 200,
        description = "检查结果和图片，无论是否符合规定",
        body = ref("#/components/schemas/PagePreviews"),
        content_type = "multipart/form-data"
    ))
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    RawQuery(query): RawQuery,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let wanted = read(query.as_deref().unwrap_or_default()).map_err(Problem::Query)?;
    respond(&app, &caller, body, wanted).await
}

/// Checks a body and responds with its pages.
pub(crate) async fn respond(
    app: &App,
    caller: &Caller,
    body: impl AsRef<[u8]> + Send + 'static,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let typesetter = app.generator.typesetter().clone();
    let work = move || preview_pages(body.as_ref(), &typesetter, &wanted);
    let (boundary, form) = form(app.previews.run(&caller.id, work).await??);
    let media_type = format!("multipart/form-data; boundary={boundary}");
    Ok(([(header::CONTENT_TYPE, media_type)], form).into_response())
}

/// The response and the boundary between its parts.
fn form(PagesPreview { checked, pages, places }: PagesPreview) -> (String, Vec<u8>) {
    let entry = |page: &PagePicture| PageEntry { hash: page.hash.to_string(), height: page.height };
    let layout = PageLayout { checked, pages: pages.iter().map(entry).collect(), places };
    // Strings, numbers and lists always serialize.
    let layout = serde_json::to_vec(&layout).unwrap_or_default();
    // No part contains its own hash, nor can anyone write the hash of the other parts into one.
    let boundary = sha256(&layout);
    let mut form = Vec::new();
    append(&mut form, &boundary, "name=\"layout\"", "application/json", &layout);
    let mut disposition = String::new();
    for (index, page) in pages.iter().enumerate() {
        let Some(png) = &page.png else { continue };
        let number = index + 1;
        disposition.clear();
        // Only a part with a file name is read as a file.
        let _ = write!(disposition, "name=\"page-{number}\"; filename=\"page-{number}.png\"");
        append(&mut form, &boundary, &disposition, "image/png", png);
    }
    form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (boundary, form)
}

/// Appends a part to a form (RFC 7578).
fn append(form: &mut Vec<u8>, boundary: &str, disposition: &str, media_type: &str, body: &[u8]) {
    // Writing to memory always succeeds.
    let _ = write!(
        form,
        "--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: {media_type}\r\n\r\n"
    );
    form.extend_from_slice(body);
    form.extend_from_slice(b"\r\n");
}

/// Parses the query. The error is a sentence for staff.
pub(crate) fn read(query: &str) -> Result<Wanted, String> {
    let (mut width, mut pages, mut have) = (None, None, None);
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("width", value)) if width.is_none() => {
                width = Some(whole(value).and_then(Width::new).ok_or_else(|| {
                    format!("width应为{}至{}的整数。", Width::NARROWEST, Width::WIDEST)
                })?);
            }
            Some(("want", value)) if pages.is_none() => {
                pages = Some(list(value, page).ok_or("want应为页码，以逗号分开，至多100页。")?);
            }
            Some(("have", value)) if have.is_none() => {
                let hashes = list(value, PageHash::parse);
                have = Some(hashes.ok_or("have应为图片的标识，以逗号分开，至多100个。")?);
            }
            _ => return Err("只能给出width、want和have，各一次。".to_owned()),
        }
    }
    Ok(Wanted {
        width: width.unwrap_or(Width::USUAL),
        pages: pages.unwrap_or_default(),
        have: have.unwrap_or_default(),
    })
}

/// Parses a list with commas, which may be percent-encoded. An empty text is an empty list.
fn list<T>(value: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let value = value.replace("%2C", ",").replace("%2c", ",");
    if value.is_empty() {
        return Some(Vec::new());
    }
    let entries: Vec<T> = value.split(',').map(parse).collect::<Option<_>>()?;
    (entries.len() <= LONGEST_LIST).then_some(entries)
}

fn page(value: &str) -> Option<usize> {
    whole(value).filter(|page| (1..=9999).contains(page)).map(usize::from)
}

/// Parses digits only; `parse` alone accepts a sign.
fn whole(value: &str) -> Option<u16> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LIST, read};
    use crate::render::engine::page_pictures::{PageHash, Wanted};
    use crate::render::engine::picture::Width;

    #[test]
    fn a_query_is_parsed_completely_or_refused() {
        let hash = "0123456789abcdef0123456789abcdef";
        let nothing = Wanted { width: Width::USUAL, pages: Vec::new(), have: Vec::new() };
        assert_eq!(read(""), Ok(nothing.clone()));
        assert_eq!(read("want=&have="), Ok(nothing));
        let all = Wanted {
            width: Width::new(620).unwrap(),
            pages: vec![1, 12],
            have: vec![PageHash::parse(hash).unwrap()],
        };
        assert_eq!(read(&format!("width=620&want=1,12&have={hash}")), Ok(all.clone()));
        assert_eq!(read(&format!("have={hash}&want=1%2C12&width=620")), Ok(all));
        assert!(read(&format!("want={}", vec!["9"; LONGEST_LIST].join(","))).is_ok());
        let too_long = format!("want={}", vec!["9"; LONGEST_LIST + 1].join(","));
        let refused = ["want=0", "want=1,,2", "want=+1", "want=10000", "want=1&want=2", "have=1"];
        for query in refused.into_iter().chain(["width=99", "page=1", "want", &*too_long]) {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
