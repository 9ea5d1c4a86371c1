//! `/v1/drafts/{id}/steps`: takes and lists the steps of 审签.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Caller;
use crate::archive::drafts::approval::Step;
use crate::archive::drafts::error::DraftError;
use crate::archive::drafts::steps::{NewStep, TakenStep};
use crate::archive::id::Id;
use crate::archive::objects::sha256;
use crate::document::moment::Moment;
use crate::generate::accept;
use crate::http::access::caller::{CurrentCaller, NamedCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoDraft, Replaced};
use crate::http::drafts::members::{LONGEST_REMARK, StepMembers, members};
use crate::http::drafts::write::{find, saved};
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::extract::{DraftId, JsonBody};

/// The steps of a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftSteps", description = "草稿的审签经过")]
pub struct Steps {
    #[schemars(description = "各步，先办的在前")]
    steps: Vec<StepJson>,
}

/// A step that was taken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftStep", description = "审签的一步")]
struct StepJson {
    #[schemars(
        description = "send送审、withdraw撤回、return退回、agree审核同意、approve签发、file生成公文"
    )]
    step: String,
    #[schemars(description = "办理后的状态")]
    state: String,
    #[schemars(description = "内容的版本")]
    version: i64,
    #[schemars(description = "内容的SHA-256，64位小写十六进制")]
    sha256: String,
    #[schemars(description = "办理者的编号")]
    by: String,
    #[schemars(description = "办理者的名称")]
    by_name: String,
    #[schemars(with = "String", description = "办理时间（RFC 3339，UTC）")]
    at: Moment,
    #[schemars(description = "意见，没有则为空")]
    remark: String,
}

impl StepJson {
    fn of(step: TakenStep) -> Self {
        Self {
            step: step.step,
            state: step.state,
            version: step.version,
            sha256: step.sha256,
            by: step.taken_by.id,
            by_name: step.taken_by.name,
            at: step.taken_at,
            remark: step.remark,
        }
    }
}

/// Lists the steps of a draft.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the caller may see no such draft, and `FilingProblem::Archive` if
/// the archive fails.
#[utoipa::path(
    get,
    path = "/v1/drafts/{id}/steps",
    operation_id = "listDraftSteps",
    tag = "草稿",
    summary = "草稿的审签经过",
    description = "何人何时办理了哪一步，意见如何，先办的在前。",
    params(DraftId),
    responses(
        (
            status = 200,
            description = "审签经过",
            body = ref("#/components/schemas/DraftSteps"),
            content_type = "application/json"
        ),
        NoDraft
    )
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
) -> Result<Json<Steps>, Problem> {
    find(&app, &caller, &id).await?;
    let steps = app.archive.steps(&caller, &id).await?;
    Ok(Json(Steps { steps: steps.into_iter().map(StepJson::of).collect() }))
}

/// Takes a step.
///
/// # Errors
/// Returns `DraftProblem::Members` if the body has other members, `Problem::Refused` if a draft that is
/// sent breaks rules, `AccessError::MissingRole`, `DraftProblem::OwnDraft` or `DraftProblem::NotSender`
/// if the caller may not take the step, `DraftProblem::StepImpossible` or `DraftProblem::ApprovalOff` if
/// nobody may now, `DraftProblem::Changed` if the caller has seen another version, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/drafts/{id}/steps",
    operation_id = "postDraftStep",
    tag = "草稿",
    summary = "办理审签的一步",
    description = "送审（submit）、审核同意或退回（review）、签发或退回（approve）、撤回（起草人或送审人）。\
                   送审的内容须符合规定；自己起草或送审的，须由他人审核、签发。启用审签（--approval）后才能办理。",
    params(DraftId),
    request_body(content = ref("#/components/schemas/StepWanted"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "草稿的记录",
            body = ref("#/components/schemas/Draft"),
            content_type = "application/json"
        ),
        (
            status = 403,
            description = "没有这一步的角色，或是自己的稿件，或不是自己送审的",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        NoDraft,
        (
            status = 409,
            description = "现在的状态不能办理，或未启用审签",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        Replaced,
        (
            status = 422,
            description = "送审的内容不符合规定，逐项列出；或提交的项目不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    NamedCaller(author): NamedCaller,
    DraftId(id): DraftId,
    origin: RequestOrigin,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let StepMembers { step, version, remark } = members(
        &body,
        "应给出step（send、withdraw、return、agree或approve）和version（整数），可给出remark。",
    )?;
    let step = Step::named(&step)
        .ok_or(DraftProblem::Members("step应为send、withdraw、return、agree或approve。"))?;
    let is_control = |c: char| c.is_control() && c != '\n';
    if remark.chars().count() > LONGEST_REMARK || remark.chars().any(is_control) {
        return Err(DraftProblem::Members("remark不得超过500字，且不含控制字符。").into());
    }
    let caller = &author.caller;
    let requires_approval = app.access.requires_approval;
    let source_sha256 = if step == Step::Send {
        // Whether the step is possible is cheaper to find out than whether the content is valid.
        let draft = find(&app, caller, &id).await?;
        draft.position().after(step, caller, requires_approval)?;
        if draft.current.version != version {
            return Err(DraftError::Changed(Box::new(draft.current)).into());
        }
        Some(source_sha256(&app, caller, &id, version).await?)
    } else {
        None
    };
    let new = NewStep { step, version, remark, source_sha256 };
    let actor = origin.actor(&caller.id);
    app.archive.take_step(&author, &id, &new, requires_approval, actor).await?;
    saved(&app, caller, &id).await
}

/// The SHA-256 of the canonical JSON of a version, which must obey the rules.
async fn source_sha256(
    app: &App,
    caller: &Caller,
    id: &Id,
    version: i64,
) -> Result<String, Problem> {
    let found = app.archive.draft_version(caller, id, version).await?;
    let (_, text) = found.ok_or(DraftProblem::Unknown)?;
    let (typesetters, text) = (app.generator.typesetters(), text.into_bytes());
    let (chosen, text) = typesetters.of_body(&app.archive, caller.agency.as_deref(), text).await?;
    let check = move || {
        let accepted = accept(&text, chosen.typesetter().coverage())?;
        Ok::<_, Problem>(sha256(accepted.filing.source()))
    };
    app.checks.run(&caller.id, check).await?
}
