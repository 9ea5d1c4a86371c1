//! `GET /v1/audit`: the audit trail, newest first, in pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::Uri;
use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::audit::trail::{Entry, TrailFilter};
use crate::document::date::DocumentDate;
use crate::document::moment::Moment;
use crate::http::app::App;
use crate::http::problem::Problem;

/// The default and the largest number of entries on a page.
const DEFAULT_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 200;

/// The longest value of `caller`, `act` or `cursor`, in bytes.
const TEXT_LIMIT: usize = 300;

/// The offset of China Standard Time from UTC, in milliseconds.
const UTC_OFFSET_MS: i64 = 8 * 60 * 60 * 1000;

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    caller: Option<String>,
    act: Option<String>,
    date_from: Option<String>,
    date_to: Option<String>,
    cursor: Option<String>,
    limit: Option<u16>,
}

/// A page of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "操作记录的一页，最近的在前")]
pub struct Trail {
    /// The entries, newest first.
    #[schemars(description = "操作记录")]
    entries: Vec<TrailEntry>,
    /// The `cursor` of the next page, if there is one.
    #[schemars(description = "下一页的cursor；没有下一页时为null")]
    next: Option<String>,
}

/// An entry of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Recorded", description = "一次操作")]
struct TrailEntry {
    #[schemars(description = "记录的编号")]
    id: String,
    #[schemars(description = "时间，RFC 3339")]
    at: String,
    #[schemars(description = "操作者：密钥的编号、登录人员的标识、命令行（cli）；没有密钥时为空")]
    caller: String,
    #[schemars(description = "操作，如filing_kept、key_revoked、signed_in")]
    act: String,
    #[schemars(description = "所涉公文、批次、密钥或会话的编号")]
    subject: String,
    #[schemars(description = "请求编号")]
    request_id: String,
}

/// Returns a page of the audit trail.
///
/// # Errors
/// Returns `Problem::Query` if a parameter is invalid, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    get,
    path = "/v1/audit",
    operation_id = "listActs",
    tag = "管理",
    summary = "操作记录",
    description = "凡有改动的操作，最近的在前。记录只增不改，不会删除。",
    params(
        ("caller" = Option<String>, Query, description = "只列此操作者的"),
        ("act" = Option<String>, Query, description = "只列此种操作"),
        ("date_from" = Option<String>, Query, description = "自此日起（北京时间，YYYY-MM-DD）"),
        ("date_to" = Option<String>, Query, description = "至此日止，含当日（北京时间，YYYY-MM-DD）"),
        ("cursor" = Option<String>, Query, description = "上一页给出的next"),
        ("limit" = Option<u16>, Query, description = "每页条数，1至200，默认50", minimum = 1, maximum = 200)
    ),
    responses((
        status = 200,
        description = "操作记录",
        body = ref("#/components/schemas/Trail"),
        content_type = "application/json"
    ))
)]
pub async fn get(State(app): State<Arc<App>>, uri: Uri) -> Result<Json<Trail>, Problem> {
    let (filter, limit) = read(&uri).map_err(|sentence| Problem::Query(sentence.to_owned()))?;
    // One entry more than the page shows tells whether there is a next page.
    let mut entries = app.archive.trail(&filter, limit + 1).await?;
    let is_more = entries.len() > usize::from(limit);
    entries.truncate(limit.into());
    let next = entries.last().filter(|_| is_more).map(|entry| entry.id.clone());
    Ok(Json(Trail { entries: entries.into_iter().map(trail_entry).collect(), next }))
}

fn read(uri: &Uri) -> Result<(TrailFilter, u16), &'static str> {
    let Query(parameters) = Query::<Parameters>::try_from_uri(uri).map_err(
        |_| "查询条件只有caller、act、date_from、date_to、cursor和limit，各给一次，limit为整数。",
    )?;
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err("limit应为1至200的整数。");
    }
    let texts = [&parameters.caller, &parameters.act, &parameters.cursor];
    let is_text = |text: &String| {
        (1..=TEXT_LIMIT).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    if !texts.into_iter().flatten().all(is_text) {
        return Err("caller、act、cursor不能为空或过长，不含控制字符。");
    }
    let day_after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    let filter = TrailFilter {
        caller: parameters.caller,
        act: parameters.act,
        from: parameters.date_from.as_deref().map(day).transpose()?.map(start_of_day),
        before: parameters
            .date_to
            .as_deref()
            .map(day)
            .transpose()?
            .map(day_after)
            .map(start_of_day),
        after: parameters.cursor,
    };
    Ok((filter, limit))
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let date = DocumentDate::parse(text).ok().and_then(|date| date.iso().parse().ok());
    date.ok_or("date_from和date_to应为1949至2099年间的日期，写作YYYY-MM-DD。")
}

/// The start of a day in China.
fn start_of_day(day: NaiveDate) -> Moment {
    Moment(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - UTC_OFFSET_MS)
}

fn trail_entry(Entry { id, at, caller, act, subject, request_id }: Entry) -> TrailEntry {
    TrailEntry { id, at: at.to_string(), caller, act, subject, request_id }
}
