//! `/v1/drafts/{id}/number`: takes the next 发文字号 for a draft (取号), and releases it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::drafts::numbers::NumberRequest;
use crate::archive::drafts::record::TakenNumber;
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, NamedCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoDraft, NotYours};
use crate::http::drafts::members::{NumberMembers, members};
use crate::http::problem::Problem;
use crate::http::request::extract::{DraftId, JsonBody};

/// A number that is reserved for a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TakenNumber", description = "为草稿取的发文字号")]
pub struct Taken {
    #[schemars(description = "发文字号，如“巴市民政〔2021〕38号”")]
    document_number: String,
    #[schemars(description = "机关代字")]
    agency_code: String,
    #[schemars(description = "年份")]
    year: u16,
    #[schemars(description = "发文顺序号")]
    serial: u32,
    #[schemars(with = "String", description = "取号时间（RFC 3339，UTC）")]
    taken_at: Moment,
}

impl Taken {
    /// The record of a number.
    pub fn of(TakenNumber { number, taken_at }: &TakenNumber) -> Self {
        Self {
            document_number: number.to_string(),
            agency_code: number.agency_code().to_owned(),
            year: number.year(),
            serial: number.serial(),
            taken_at: *taken_at,
        }
    }
}

/// Takes a number for a draft.
///
/// # Errors
/// Returns `DraftProblem::Members` if the body has other members, `DraftProblem::Unknown` if the caller
/// may see no such draft, `DraftProblem::NumberUnclear`, `DraftProblem::NumberTaken`,
/// `DraftProblem::NumbersExhausted` or `FilingProblem::NotYours` if no such number can be taken,
/// `DraftProblem::Filed` if the draft is a filing, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/drafts/{id}/number",
    operation_id = "takeNumber",
    tag = "草稿",
    summary = "取号",
    description = "为草稿取下一个可用的发文字号，不会重复给出；草稿生成公文时使用，删除时释放。再次取号，得到同一字号。\
                   字号属于主办机关。所取的字号由调用方写入草稿的内容。",
    params(DraftId),
    request_body(content = ref("#/components/schemas/NumberWanted"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "所取的字号",
            body = ref("#/components/schemas/TakenNumber"),
            content_type = "application/json"
        ),
        NotYours,
        NoDraft,
        (
            status = 409,
            description = "所要的顺序号已经使用，或没有可用的，或草稿已生成公文",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "缺少主办机关、机关代字或年份，或提交的项目不正确",
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
) -> Result<Json<Taken>, Problem> {
    let NumberMembers { agency_code, year, serial } =
        members(&body, "可给出agency_code（文字）、year和serial（整数），都不给时写作{}。")?;
    let request = NumberRequest { agency_code, year, serial };
    let actor = origin.actor(&author.caller.id);
    let taken = app.archive.take_number(&author, &id, &request, actor).await?;
    Ok(Json(Taken::of(&taken)))
}

/// Releases the number of a draft.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the caller may see no such draft, and `FilingProblem::Archive` if
/// the archive fails.
#[utoipa::path(
    delete,
    path = "/v1/drafts/{id}/number",
    operation_id = "releaseNumber",
    tag = "草稿",
    summary = "释放字号",
    description = "释放为草稿取的字号，供其他草稿使用。没有取号的，结果相同。",
    params(DraftId),
    responses((status = 204, description = "已释放"), NoDraft)
)]
pub async fn release(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    DraftId(id): DraftId,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    app.archive.release_number(&caller, &id, origin.actor(&caller.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
