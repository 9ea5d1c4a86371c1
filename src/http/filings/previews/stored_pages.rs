//! `GET /v1/drafts/{id}/pages` and `GET /v1/filings/{id}/pages`: the pages of what is stored, for callers
//! who may read it but not submit.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{Destroyed, NoDraft, NoFiling};
use crate::http::drafts::read::current_content;
use crate::http::drafts::write::find;
use crate::http::filings::previews::page_previews::respond;
use crate::http::filings::previews::wanted_pages::WantedPages;
use crate::http::filings::read::{check_exists, find_named, record_pages_read};
use crate::http::problem::Problem;
use crate::http::request::extract::{DraftId, FilingId};

/// Checks the content of a draft and draws its pages.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, `DraftProblem::Unknown` if the caller may see no such
/// draft, `FilingProblem::Archive` if the archive fails, and `Problem::Busy` if no permit is available in
/// time.
#[utoipa::path(
    get,
    path = "/v1/drafts/{id}/pages",
    operation_id = "getDraftPages",
    tag = "草稿",
    summary = "草稿的版面",
    description = "供审核、签发的人看：检查草稿现在的内容，符合规定的列出各页，并给出所要的、尚未持有的各页图片。查询参数和结果与POST /v1/previews/pages相同。",
    params(DraftId, WantedPages),
    responses(
        (
            status = 200,
            description = "检查结果和图片，无论是否符合规定",
            body = ref("#/components/schemas/PagePreviews"),
            content_type = "multipart/form-data"
        ),
        NoDraft
    )
)]
pub async fn of_draft(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
    WantedPages(wanted): WantedPages,
    method: Method,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    if method == Method::HEAD {
        find(&app, &caller, &id).await?;
        return Ok(head());
    }
    let (_memory, content) = current_content(&app, &caller, &id, &origin).await?;
    let (typesetters, content) = (app.generator.typesetters(), content.into_bytes());
    let (chosen, content) =
        typesetters.of_body(&app.archive, caller.agency.as_deref(), content).await?;
    respond(&app, &caller, chosen, content, wanted).await
}

/// Draws the pages of a filing from its source.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, `Problem::NotFound` if the caller may see no such
/// filing, `RetentionProblem::Destroyed` if its source is destroyed, `FilingProblem::Archive` if the
/// archive fails, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/pages",
    operation_id = "getFilingPages",
    tag = "公文",
    summary = "公文的版面",
    description = "由公文的来源排版，列出各页，并给出所要的、尚未持有的各页图片；正式公文以PDF为准。查询参数和结果与POST /v1/previews/pages相同。",
    params(FilingId, WantedPages),
    responses(
        (
            status = 200,
            description = "检查结果和图片；公文由较早的版本生成、不符合现行规定的，没有图片",
            body = ref("#/components/schemas/PagePreviews"),
            content_type = "multipart/form-data"
        ),
        NoFiling,
        Destroyed
    )
)]
pub async fn of_filing(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    WantedPages(wanted): WantedPages,
    method: Method,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let filed = find_named(&app, &caller, &id).await?;
    check_exists(&filed)?;
    if method == Method::HEAD {
        return Ok(head());
    }
    let source = app.archive.objects.get(&filed.source.sha256).await?;
    record_pages_read(&app, origin.actor(&caller.id), &format!("{} pages", filed.id)).await;
    let typesetters = app.generator.typesetters();
    let chosen = typesetters.of_agency(&app.archive, Some(filed.lead_issuer())).await?;
    respond(&app, &caller, chosen, source, wanted).await
}

/// The answer to HEAD. The media type has a boundary, which depends on the pages.
fn head() -> Response {
    StatusCode::OK.into_response()
}
