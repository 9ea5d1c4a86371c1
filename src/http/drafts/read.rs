//! `GET /v1/drafts/{id}` and its versions.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};

use crate::archive::access::caller::Caller;
use crate::archive::audit::act::Act;
use crate::archive::drafts::record::DraftRecord;
use crate::archive::drafts::version::Version;
use crate::archive::id::Id;
use crate::generate::room::Reservation;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::NoDraft;
use crate::http::drafts::record::{
    DraftJson, DraftWithContent, VersionJson, VersionWithContent, Versions, content,
};
use crate::http::drafts::write::{find, version_tag};
use crate::http::filings::read::PAGES_APART;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::extract::{DraftId, DraftVersion};

/// How many copies of a content exist while it is sent.
const COPIES: usize = 3;

/// Returns a draft with its content.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the caller may see no such draft, `AccessError::TooManyConcurrent`
/// or `Problem::Busy` if no memory is left, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/drafts/{id}",
    operation_id = "getDraft",
    tag = "草稿",
    summary = "草稿的记录和内容",
    description = "按编号给出一份草稿。ETag为内容的版本，保存时以If-Match给出。",
    params(DraftId),
    responses(
        (
            status = 200,
            description = "草稿的记录和内容",
            body = ref("#/components/schemas/DraftWithContent"),
            content_type = "application/json"
        ),
        NoDraft
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
    method: Method,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let (_memory, draft, text) = current(&app, &caller, &id).await?;
    if method != Method::HEAD {
        record_read(&app, &caller, &origin, &draft.id, &draft.current).await?;
    }
    let tag = [(header::ETAG, version_tag(&draft))];
    let draft = DraftJson::of(&draft, &caller, &app.access);
    let body = DraftWithContent { draft, content: content(text)? };
    Ok((tag, Json(body)).into_response())
}

/// The content of a draft, for its pages, and the memory that is reserved for it. Records the read of each
/// version at most once in `PAGES_APART`.
pub(crate) async fn current_content(
    app: &App,
    caller: &Caller,
    id: &Id,
    origin: &RequestOrigin,
) -> Result<(Reservation, String), Problem> {
    let (memory, draft, text) = current(app, caller, id).await?;
    if let Some(subject) = recorded_as(caller, &draft.id, &draft.current) {
        let actor = origin.actor(&caller.id);
        let changed_at = draft.current.saved_at;
        app.archive.record_repeated_read(actor, &subject, PAGES_APART, changed_at).await?;
    }
    Ok((memory, text))
}

async fn current(
    app: &App,
    caller: &Caller,
    id: &Id,
) -> Result<(Reservation, DraftRecord, String), Problem> {
    let known = find(app, caller, id).await?;
    let memory = memory(app, caller, &known.current)?;
    // One statement reads both, since others may save meanwhile.
    let found = app.archive.draft_with_content(caller, id).await?;
    let (draft, text) = found.ok_or(DraftProblem::Unknown)?;
    Ok((memory, draft, text))
}

/// Lists the versions of a draft.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the caller may see no such draft, and `FilingProblem::Archive` if
/// the archive fails.
#[utoipa::path(
    get,
    path = "/v1/drafts/{id}/versions",
    operation_id = "listDraftVersions",
    tag = "草稿",
    summary = "草稿的各版本",
    description = "保留的版本，新的在前，至多50个；同一人一分钟内的多次保存只留最后一次。",
    params(DraftId),
    responses(
        (
            status = 200,
            description = "各版本，不含内容",
            body = ref("#/components/schemas/DraftVersions"),
            content_type = "application/json"
        ),
        NoDraft
    )
)]
pub async fn versions(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
) -> Result<Response, Problem> {
    let versions = app.archive.draft_versions(&caller, &id).await?;
    if versions.is_empty() {
        return Err(DraftProblem::Unknown.into());
    }
    let versions = versions.iter().map(VersionJson::of).collect();
    Ok(Json(Versions { versions }).into_response())
}

/// Returns a version of a draft with its content.
///
/// # Errors
/// Like `get`; also returns `DraftProblem::Unknown` if the version is not kept.
#[utoipa::path(
    get,
    path = "/v1/drafts/{id}/versions/{version}",
    operation_id = "getDraftVersion",
    tag = "草稿",
    summary = "草稿的一个版本",
    description = "给出一个版本的内容，用以比较有何不同。",
    params(DraftVersion),
    responses(
        (
            status = 200,
            description = "该版本及其内容",
            body = ref("#/components/schemas/DraftVersionWithContent"),
            content_type = "application/json"
        ),
        NoDraft
    )
)]
pub async fn version(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftVersion { id, version: wanted }: DraftVersion,
    method: Method,
    origin: RequestOrigin,
) -> Result<Response, Problem> {
    let known = app.archive.draft_versions(&caller, &id).await?;
    let known = known.into_iter().find(|one| one.version == wanted);
    let _memory = memory(&app, &caller, &known.ok_or(DraftProblem::Unknown)?)?;
    let found = app.archive.draft_version(&caller, &id, wanted).await?;
    let (version, text) = found.ok_or(DraftProblem::Unknown)?;
    if method != Method::HEAD {
        record_read(&app, &caller, &origin, id.as_str(), &version).await?;
    }
    let body = VersionWithContent { version: VersionJson::of(&version), content: content(text)? };
    Ok(Json(body).into_response())
}

/// Reserves the memory that a content takes until its response is made.
fn memory(app: &App, caller: &Caller, version: &Version) -> Result<Reservation, Problem> {
    let mut memory = app.bodies.room().reservation(&caller.id);
    let bytes = usize::try_from(version.bytes).unwrap_or(usize::MAX);
    memory.try_grow(bytes.saturating_mul(COPIES))?;
    Ok(memory)
}

/// Records that a caller has read what somebody else has written.
async fn record_read(
    app: &App,
    caller: &Caller,
    origin: &RequestOrigin,
    id: &str,
    version: &Version,
) -> Result<(), Problem> {
    if let Some(subject) = recorded_as(caller, id, version) {
        app.archive.record_event(origin.actor(&caller.id), Act::FileRead, &subject).await?;
    }
    Ok(())
}

/// What the audit trail names the draft that the caller reads; `None` for what the caller has written.
fn recorded_as(caller: &Caller, id: &str, version: &Version) -> Option<String> {
    (version.saved_by.id != caller.id).then(|| format!("{id} draft"))
}
