//! `POST /v1/drafts`, `PUT` and `DELETE /v1/drafts/{id}`: saves and deletes drafts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use headers::{ETag, HeaderMapExt, IfMatch};
use tokio::task::spawn_blocking;

use crate::archive::access::caller::Caller;
use crate::archive::drafts::content::{Content, ContentError};
use crate::archive::drafts::record::DraftRecord;
use crate::archive::id::Id;
use crate::http::access::caller::{CurrentCaller, NamedCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{DraftFixed, NoDraft, Replaced};
use crate::http::drafts::record::DraftJson;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::bodies::HeldBody;
use crate::http::request::conditions::etag;
use crate::http::request::extract::{DraftId, JsonBody};
use crate::http::request::idempotency::{IdempotencyKey, Once, fingerprint, run_once};

/// Creates a draft.
///
/// # Errors
/// Returns `Problem::Unreadable` or `DraftProblem::NotAnObject` if the body is not a JSON object,
/// `DraftProblem::Full` if there are too many drafts, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    post,
    path = "/v1/drafts",
    operation_id = "postDraft",
    tag = "草稿",
    summary = "新建草稿",
    description = "保存一份未写完的公文。内容可以是任何JSON对象，不检查是否符合规定。草稿属于调用方的机关，其他机关看不到。",
    params((
        "Idempotency-Key" = Option<String>, Header,
        description = "防止重复新建的键，1至255个字符，保留48小时；同一键再次提交同一内容，得到同一草稿"
    )),
    request_body(content = ref("#/components/schemas/DraftContent"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "草稿的记录；地址见Location，版本见ETag",
            body = ref("#/components/schemas/Draft"),
            content_type = "application/json"
        ),
        NoDraft,
        (
            status = 409,
            description = "草稿过多，或同一请求正在处理",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "内容不是JSON对象，或Idempotency-Key已用于其他请求",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    NamedCaller(author): NamedCaller,
    key: IdempotencyKey,
    origin: RequestOrigin,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let (content, body) = read(body).await?;
    let caller = author.caller.clone();
    let fingerprint = fingerprint("POST /v1/drafts", &content.sha256);
    let archive = app.archive.clone();
    let work = async move {
        let _body = body;
        let actor = origin.actor(&author.caller.id);
        let id = archive.create_draft(&author, &content, actor).await?;
        Ok((id.clone(), id))
    };
    let id = match run_once(&app, &caller.id, key, &fingerprint, |_| work).await? {
        Once::Now(id) | Once::Before(id) => id,
    };
    let id = Id::parse(&id).ok_or(DraftProblem::Unknown)?;
    let draft = find(&app, &caller, &id).await?;
    let headers =
        [(header::LOCATION, format!("/v1/drafts/{id}")), (header::ETAG, version_tag(&draft))];
    let record = DraftJson::of(&draft, &caller, &app.access);
    Ok((StatusCode::CREATED, headers, Json(record)).into_response())
}

/// Saves another content of a draft.
///
/// # Errors
/// Like `post`; also returns `DraftProblem::NoCondition` without `If-Match`, `DraftProblem::Changed` if
/// it does not match, `DraftProblem::Locked` or `DraftProblem::Filed` if the draft cannot change, and
/// `DraftProblem::Unknown` if the caller may see no such draft.
#[utoipa::path(
    put,
    path = "/v1/drafts/{id}",
    operation_id = "putDraft",
    tag = "草稿",
    summary = "保存草稿",
    description = "以新的内容替换原有内容。须以If-Match给出所修改的版本；其间有人保存过的，回复412，并说明何人何时保存。\
                   与现有内容相同的，不另存版本。",
    params(DraftId),
    request_body(content = ref("#/components/schemas/DraftContent"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "草稿的记录，不含内容；新的版本见ETag",
            body = ref("#/components/schemas/Draft"),
            content_type = "application/json"
        ),
        NoDraft,
        DraftFixed,
        Replaced,
        (
            status = 422,
            description = "内容不是JSON对象",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 428,
            description = "没有If-Match",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    NamedCaller(author): NamedCaller,
    DraftId(id): DraftId,
    origin: RequestOrigin,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let condition = headers.typed_get::<IfMatch>().ok_or(DraftProblem::NoCondition)?;
    let (content, _body) = read(body).await?;
    let knows = |version: i64| {
        let tag = etag(&version.to_string()).parse::<ETag>();
        tag.is_ok_and(|tag| condition.precondition_passes(&tag))
    };
    let actor = origin.actor(&author.caller.id);
    app.archive.save_draft(&author, &id, &content, knows, actor).await?;
    saved(&app, &author.caller, &id).await
}

/// Deletes a draft.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the caller may see no such draft, `DraftProblem::Locked` under
/// approval, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    delete,
    path = "/v1/drafts/{id}",
    operation_id = "deleteDraft",
    tag = "草稿",
    summary = "删除草稿",
    description = "删除草稿及其各版本，释放所取的字号。已生成的公文不受影响。",
    params(DraftId),
    responses((status = 204, description = "已删除"), NoDraft, DraftFixed)
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    app.archive.delete_draft(&caller, &id, origin.actor(&caller.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The response to a change of a draft: its record.
pub(crate) async fn saved(app: &App, caller: &Caller, id: &Id) -> Result<Response, Problem> {
    let draft = find(app, caller, id).await?;
    let headers = [(header::ETAG, version_tag(&draft))];
    Ok((headers, Json(DraftJson::of(&draft, caller, &app.access))).into_response())
}

/// Finds a draft that the caller may see.
pub(crate) async fn find(app: &App, caller: &Caller, id: &Id) -> Result<DraftRecord, Problem> {
    Ok(app.archive.draft(caller, id).await?.ok_or(DraftProblem::Unknown)?)
}

/// The `ETag` of the content of a draft.
pub(crate) fn version_tag(draft: &DraftRecord) -> String {
    etag(&draft.current.version.to_string())
}

/// Reads a content. The memory of the body stays reserved until it is dropped.
async fn read(body: HeldBody) -> Result<(Content, HeldBody), Problem> {
    let read = spawn_blocking(move || (Content::read(&body), body)).await;
    let (content, body): (Result<Content, ContentError>, HeldBody) =
        read.map_err(|_| Problem::Panicked)?;
    Ok((content?, body))
}
