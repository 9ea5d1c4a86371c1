//! `GET /v1/audit`: the acts that changed something, the newest first.

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

/// How many entries a page has where it is not said, and at most.
const USUAL_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 200;

/// The longest caller, act or cursor, in bytes.
const LONGEST_TEXT: usize = 300;

/// China's days begin eight hours before those of UTC, in milliseconds.
const AHEAD_OF_UTC: i64 = 8 * 60 * 60 * 1000;

/// The parameters of the address.
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

/// A page of the trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "操作记录的一页，最近的在前")]
pub struct Trail {
    /// The entries.
    #[schemars(description = "操作记录")]
    entries: Vec<Recorded>,
    /// What the next page is asked for with; none behind the last.
    #[schemars(description = "下一页的cursor；没有下一页时为null")]
    next: Option<String>,
}

/// An entry of the trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "一次操作")]
struct Recorded {
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

/// Gives a page of the trail.
///
/// # Errors
/// Parameters that are none, or an archive that fails.
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
    let (asked, limit) = read(&uri).map_err(|said| Problem::Query(said.to_owned()))?;
    // One more than the page has tells whether there is another page.
    let mut entries = app.archive.trail(&asked, limit + 1).await?;
    let is_more = entries.len() > usize::from(limit);
    entries.truncate(limit.into());
    let next = entries.last().filter(|_| is_more).map(|entry| entry.id.clone());
    Ok(Json(Trail { entries: entries.into_iter().map(recorded).collect(), next }))
}

fn read(uri: &Uri) -> Result<(TrailFilter, u16), &'static str> {
    let Query(parameters) = Query::<Parameters>::try_from_uri(uri).map_err(
        |_| "查询条件只有caller、act、date_from、date_to、cursor和limit，各给一次，limit为整数。",
    )?;
    let limit = parameters.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err("limit应为1至200的整数。");
    }
    let texts = [&parameters.caller, &parameters.act, &parameters.cursor];
    let is_text = |text: &String| {
        (1..=LONGEST_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    if !texts.into_iter().flatten().all(is_text) {
        return Err("caller、act、cursor不能为空或过长，不含控制字符。");
    }
    let day_after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    let asked = TrailFilter {
        caller: parameters.caller,
        act: parameters.act,
        from: parameters.date_from.as_deref().map(day).transpose()?.map(beginning),
        before: parameters.date_to.as_deref().map(day).transpose()?.map(day_after).map(beginning),
        after: parameters.cursor,
    };
    Ok((asked, limit))
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let date = DocumentDate::parse(text).ok().and_then(|date| date.iso().parse().ok());
    date.ok_or("date_from和date_to应为1949至2099年间的日期，写作YYYY-MM-DD。")
}

/// When a day begins in China.
fn beginning(day: NaiveDate) -> Moment {
    Moment(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - AHEAD_OF_UTC)
}

fn recorded(Entry { id, at, caller, act, subject, request_id }: Entry) -> Recorded {
    Recorded { id, at: at.to_string(), caller, act, subject, request_id }
}
