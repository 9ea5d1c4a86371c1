//! `GET /v1/feed`: every filing once, in the order of recording, for programs that poll.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::archive::id::Id;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::filings::record::Record;
use crate::http::filings::search::search_slot;
use crate::http::problem::Problem;

/// The default and the largest number of filings of a response.
const DEFAULT_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 200;

/// The filings after a place in the order of recording.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "新公文")]
pub struct Feed<'a> {
    /// The filings, the earliest first.
    #[schemars(description = "公文的记录，先保存的在前；没有新公文则为空")]
    filings: Vec<Record<'a>>,
    /// The address of those that follow. It stays the same as long as there are none.
    #[schemars(description = "其后公文的地址，下次由此接着取；没有新公文时不变")]
    next: String,
}

/// The query of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// 最近一次收到的最后一件公文的编号；不写则从最早的起。
    after: Option<String>,
    /// 一次的件数，1至200，默认50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// Returns the filings that were recorded after another one.
///
/// # Errors
/// Returns `Problem::Query` if a parameter is invalid or the filing `after` is unknown,
/// `AccessError::TooManyConcurrent` or `Problem::Busy` if too many searches run, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/feed",
    operation_id = "followFilings",
    tag = "公文",
    summary = "接收新公文",
    description = "按保存的先后逐件给出可见的公文，不重不漏，供其他系统定时查询。每次由上次回复的next接着取。",
    params(FeedQuery),
    responses(
        (
            status = 200,
            description = "其后的公文",
            body = ref("#/components/schemas/Feed"),
            content_type = "application/json"
        ),
        (
            status = 400,
            description = "查询条件不正确",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    query: Result<Query<FeedQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(FeedQuery { after, limit }) = query.map_err(|_| bad_query())?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err(bad_query());
    }
    let after = match after {
        Some(after) => {
            let id = Id::parse(&after).ok_or_else(bad_query)?;
            // A place that is unknown, or that the caller may not see, would never be passed.
            Some(app.archive.filing(&caller, &id).await?.map(|_| id).ok_or_else(bad_query)?)
        }
        None => None,
    };
    let _slot = search_slot(&app, &caller).await?;
    let found = app.archive.recorded_after(&caller, after.as_ref(), limit).await?;
    let last = found.last().map(|last| last.id.as_str()).or_else(|| after.as_ref().map(Id::as_str));
    let next = match last {
        Some(last) => format!("/v1/feed?after={last}&limit={limit}"),
        None => format!("/v1/feed?limit={limit}"),
    };
    let filings = found.iter().map(Record::of).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Feed { filings, next }).into_response())
}

fn bad_query() -> Problem {
    Problem::Query(format!("after应为所收到的公文的编号，limit应为1至{LARGEST_LIMIT}的整数。"))
}
