//! `GET /v1/filings`: searches filings, newest first, in pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::filings::search::{PageRequest, Search};
use crate::archive::id::Id;
use crate::document::date::DocumentDate;
use crate::document::masthead::number::DocumentNumber;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::filings::disposition::percent_encoded;
use crate::http::filings::record::Record;
use crate::http::problem::Problem;

/// The default and the largest number of filings on a page.
const DEFAULT_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 200;

/// The longest search text, in characters: longer than any title or name.
const LONGEST_TEXT: usize = 400;

/// A page of results.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "一页查询结果")]
pub struct Found<'a> {
    /// The filings, newest first.
    #[schemars(description = "公文的记录，新的在前")]
    filings: Vec<Record<'a>>,
    /// The address of the next page, if there is one.
    #[schemars(description = "下一页的地址，没有则为null")]
    next: Option<String>,
}

type Parameters = Vec<(String, String)>;

/// Searches filings.
///
/// # Errors
/// Returns `Problem::Query` if a parameter is invalid, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    get,
    path = "/v1/filings",
    operation_id = "searchFilings",
    tag = "公文",
    summary = "查询公文",
    description = "按条件查询本机关可见的公文，新的在前，逐页给出。",
    params(
        ("document_number" = Option<String>, Query, description = "发文字号，括号、全角和半角不拘"),
        ("agency_code" = Option<String>, Query, description = "机关代字"),
        ("year" = Option<u16>, Query, description = "年份", minimum = 1949, maximum = 2099),
        ("issuer" = Option<String>, Query, description = "发文机关全称，联合发文时任一机关"),
        ("title" = Option<String>, Query, description = "标题中的文字"),
        ("date_from" = Option<String>, Query, description = "成文日期不早于此日，YYYY-MM-DD"),
        ("date_to" = Option<String>, Query, description = "成文日期不晚于此日，YYYY-MM-DD"),
        ("limit" = Option<u16>, Query, description = "每页件数，默认50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "上一页所给地址中的cursor"),
    ),
    responses(
        (
            status = 200,
            description = "一页查询结果；下一页的地址也见Link",
            body = ref("#/components/schemas/Found"),
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
    uri: Uri,
) -> Result<Response, Problem> {
    let Query(parameters) = Query::<Parameters>::try_from_uri(&uri)
        .map_err(|_| Problem::Query("查询条件无法读取。".to_owned()))?;
    let (search, window) = read(&parameters).map_err(Problem::Query)?;
    let page = app.archive.search(&caller, &search, &window).await?;
    let filings = page.filings.iter().map(Record::of).collect::<Result<Vec<_>, _>>()?;
    let next = page.next.map(|cursor| address(&parameters, &cursor));
    let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
    let mut response = Json(Found { filings, next }).into_response();
    // The address is ASCII, since everything else is percent-encoded.
    if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// Parses the parameters. The error is a sentence about the first invalid one.
fn read(parameters: &Parameters) -> Result<(Search, PageRequest), String> {
    let mut search = Search::default();
    let mut window = PageRequest { after: None, limit: DEFAULT_LIMIT };
    for (index, (name, value)) in parameters.iter().enumerate() {
        if parameters[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(format!("“{}”只能给出一次。", shortened(name)));
        }
        match name.as_str() {
            "document_number" => search.document_number = Some(number(value)?),
            "agency_code" => search.agency_code = Some(text(name, value)?),
            "year" => search.year = Some(year(value)?),
            "issuer" => search.issuer = Some(text(name, value)?),
            "title" => search.title = Some(text(name, value)?),
            "date_from" => search.date_from = Some(date(name, value)?),
            "date_to" => search.date_to = Some(date(name, value)?),
            "limit" => window.limit = limit(value)?,
            "cursor" => window.after = Some(cursor(value)?),
            _ => return Err(format!("没有“{}”这个查询条件。", shortened(name))),
        }
    }
    if search.date_from.zip(search.date_to).is_some_and(|(from, to)| from > to) {
        return Err("date_from不得晚于date_to。".to_owned());
    }
    Ok((search, window))
}

fn number(value: &str) -> Result<DocumentNumber, String> {
    DocumentNumber::read(value)
        .ok_or_else(|| "document_number应为发文字号，如“巴市民政〔2021〕38号”。".to_owned())
}

fn text(name: &str, value: &str) -> Result<String, String> {
    // PostgreSQL does not support U+0000, and no title or name has control characters.
    let is_text =
        (1..=LONGEST_TEXT).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    is_text
        .then(|| value.to_owned())
        .ok_or_else(|| format!("{name}应为1至{LONGEST_TEXT}个字符，且不含控制字符。"))
}

fn year(value: &str) -> Result<u16, String> {
    whole(value)
        .filter(|year| (1949..=2099).contains(year))
        .ok_or_else(|| "year应为1949至2099之间的年份。".to_owned())
}

fn date(name: &str, value: &str) -> Result<DocumentDate, String> {
    DocumentDate::parse(value)
        .map_err(|_| format!("{name}应为1949至2099年间的日期，写作YYYY-MM-DD。"))
}

fn limit(value: &str) -> Result<u16, String> {
    whole(value)
        .filter(|limit| (1..=LARGEST_LIMIT).contains(limit))
        .ok_or_else(|| format!("limit应为1至{LARGEST_LIMIT}的整数。"))
}

fn cursor(value: &str) -> Result<Id, String> {
    Id::parse(value).ok_or_else(|| "cursor不正确，请使用上一页给出的链接。".to_owned())
}

/// Parses digits only; `parse` alone accepts a sign.
fn whole(value: &str) -> Option<u16> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
}

/// The start of a parameter name, to quote in an error.
fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The address of the page after a cursor, with the other parameters unchanged.
fn address(parameters: &Parameters, cursor: &str) -> String {
    let others = parameters.iter().filter(|(name, _)| name != "cursor");
    let mut address = String::from("/v1/filings?");
    for (name, value) in others {
        address.push_str(&format!("{name}={}&", percent_encoded(value)));
    }
    address.push_str(&format!("cursor={cursor}"));
    address
}
