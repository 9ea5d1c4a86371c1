//! `POST /v1/previews/pages`: checks a filing and draws the pages that have changed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Caller;
use crate::archive::objects::sha256;
use crate::generate::places::PrintedPlace;
use crate::generate::typesetters::AgencyTypesetter;
use crate::generate::{Checked, PagesPreview, preview_pages};
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::filings::previews::wanted_pages::WantedPages;
use crate::http::problem::Problem;
use crate::http::request::extract::JsonBody;
use crate::render::engine::page_pictures::{PagePicture, Wanted};

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
    params(WantedPages),
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
    WantedPages(wanted): WantedPages,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let typesetters = app.generator.typesetters();
    let (chosen, body) = typesetters.of_body(&app.archive, caller.agency.as_deref(), body).await?;
    respond(&app, &caller, chosen, body, wanted).await
}

/// Checks a body and responds with its pages in the fonts of an agency.
pub(crate) async fn respond(
    app: &App,
    caller: &Caller,
    chosen: AgencyTypesetter,
    body: impl AsRef<[u8]> + Send + 'static,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let work = move || preview_pages(body.as_ref(), chosen.typesetter(), &wanted);
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
