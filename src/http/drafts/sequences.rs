//! `/v1/sequences`: how the 发文字号 of an agency are used, and from where they are given.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::Uri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::access::caller::Grant;
use crate::archive::drafts::sequences::{Reserved, Sequence, SequenceSetting};
use crate::document::masthead::number::DocumentNumber;
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::drafts::members::{SequenceMembers, members};
use crate::http::filings::search::search_slot;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::extract::JsonBody;

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    agency: Option<String>,
    year: Option<u16>,
}

/// The sequences of an agency in a year.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "某机关某年度的编号情况")]
pub struct Sequences {
    #[schemars(description = "主办机关")]
    agency: String,
    #[schemars(description = "年份")]
    year: u16,
    #[schemars(description = "各机关代字的编号情况")]
    sequences: Vec<SequenceRecord>,
}

/// The numbers of a 机关代字 in a year.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Sequence", description = "某机关代字在某年度的编号情况")]
pub struct SequenceRecord {
    #[schemars(description = "机关代字")]
    agency_code: String,
    #[schemars(description = "自此号起取号；尚未取号、也未设置时为null")]
    start: Option<i64>,
    #[schemars(description = "此号之前的不算空号")]
    first: i64,
    #[schemars(description = "下一个可用的号")]
    next: i64,
    #[schemars(description = "已有公文使用的号数")]
    used: usize,
    #[schemars(description = "草稿已取、尚未生成公文的号")]
    reserved: Vec<ReservedRecord>,
    #[schemars(description = "空号：已用或已取的最大号之前未用的号，按段给出，至多200段")]
    gaps: Vec<GapRecord>,
}

/// A number that is reserved for a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReservedNumber", description = "草稿已取的号")]
struct ReservedRecord {
    #[schemars(description = "发文顺序号")]
    serial: i64,
    #[schemars(description = "发文字号")]
    document_number: String,
    #[schemars(description = "草稿的编号")]
    draft: String,
    #[schemars(description = "取号者的名称")]
    taken_by_name: String,
    #[schemars(with = "String", description = "取号时间（RFC 3339，UTC）")]
    taken_at: Moment,
}

/// Free numbers in a row.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NumberGap", description = "一段空号")]
struct GapRecord {
    #[schemars(description = "第一个空号")]
    first: i64,
    #[schemars(description = "最后一个空号")]
    last: i64,
}

impl SequenceRecord {
    fn of(sequence: Sequence, year: u16) -> Self {
        let Sequence { agency_code, start, first, next, n_used, reserved, gaps } = sequence;
        let reserved =
            reserved.into_iter().map(|Reserved { serial, draft_id, taken_by_name, taken_at }| {
                ReservedRecord {
                    serial,
                    document_number: format!("{agency_code}〔{year}〕{serial}号"),
                    draft: draft_id,
                    taken_by_name,
                    taken_at,
                }
            });
        Self {
            reserved: reserved.collect(),
            gaps: gaps
                .into_iter()
                .map(|gap| GapRecord { first: gap.first, last: gap.last })
                .collect(),
            agency_code,
            start,
            first,
            next,
            used: n_used,
        }
    }
}

/// Lists the sequences of an agency.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, or has no agency and the caller belongs to none,
/// `AccessError::TooManyConcurrent` or `Problem::Busy` if too many searches run, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/sequences",
    operation_id = "listSequences",
    tag = "草稿",
    summary = "编号情况",
    description = "本机关某年度各机关代字的编号情况：下一个号、已取的号和空号。限定机关的调用方只能看到本机关的。",
    params(
        ("agency" = Option<String>, Query, description = "主办机关的全称；不限机关的调用方须给出，其他调用方不必给出"),
        ("year" = Option<u16>, Query, description = "年份，默认为今年", minimum = 1949, maximum = 2099)
    ),
    responses((
        status = 200,
        description = "编号情况",
        body = ref("#/components/schemas/Sequences"),
        content_type = "application/json"
    ))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    uri: Uri,
) -> Result<Json<Sequences>, Problem> {
    let sentence = |text: &str| Problem::Query(text.to_owned());
    let Query(Parameters { agency, year }) = Query::<Parameters>::try_from_uri(&uri)
        .map_err(|_| sentence("查询条件只有agency和year，各给一次，year为整数。"))?;
    let this_year = u16::try_from(app.archive.now().year_in_china()).unwrap_or_default();
    let year = year.unwrap_or(this_year);
    if !(1949..=2099).contains(&year) {
        return Err(sentence("year应为1949至2099之间的年份。"));
    }
    let agency = match (&caller.agency, agency) {
        (Some(own), None) => own.clone(),
        (Some(own), Some(other)) if *own == other => other,
        // As if the other agency had no numbers.
        (Some(_), Some(agency)) => {
            return Ok(Json(Sequences { agency, year, sequences: Vec::new() }));
        }
        (None, Some(agency)) if Grant::is_agency_name(&agency) => agency,
        (None, _) => return Err(sentence("请以agency给出主办机关的全称。")),
    };
    let _slot = search_slot(&app, &caller).await?;
    let sequences = app.archive.sequences(&agency, year).await?;
    let sequences = sequences.into_iter().map(|one| SequenceRecord::of(one, year)).collect();
    Ok(Json(Sequences { agency, year, sequences }))
}

/// Sets from where the numbers of a 机关代字 are given.
///
/// # Errors
/// Returns `DraftProblem::Members` if the body has other members or invalid ones, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    put,
    path = "/v1/sequences",
    operation_id = "putSequence",
    tag = "草稿",
    summary = "设置起始号",
    description = "设置某机关代字在某年度自何号起取号，如年中开始使用本系统时。已用和已取的号不受影响，取号时跳过。",
    request_body(content = ref("#/components/schemas/SequenceSetting"), content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "编号情况",
            body = ref("#/components/schemas/Sequence"),
            content_type = "application/json"
        ),
        (
            status = 422,
            description = "提交的项目不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    origin: RequestOrigin,
    JsonBody(body): JsonBody,
) -> Result<Json<SequenceRecord>, Problem> {
    let wrong = "应给出agency（机关全称）、agency_code（机关代字）、year（年份）和start（起始号，1至999999），可给出first（1至999999）。";
    let SequenceMembers { agency, agency_code, year, start, first } = members(&body, wrong)?;
    let start = DocumentNumber::new(&agency_code, year, start);
    let (Ok(start), true, true) =
        (start, (1..=999_999).contains(&first), Grant::is_agency_name(&agency))
    else {
        return Err(DraftProblem::Members(wrong).into());
    };
    let (year, code) = (start.year(), start.agency_code().to_owned());
    let setting = SequenceSetting { agency, start, first };
    app.archive.set_sequence(&setting, origin.actor(&caller.id)).await?;
    let sequences = app.archive.sequences(&setting.agency, year).await?;
    let sequence = sequences.into_iter().find(|one| one.agency_code == code);
    let sequence = sequence.ok_or(DraftProblem::Members(wrong))?;
    Ok(Json(SequenceRecord::of(sequence, year)))
}
