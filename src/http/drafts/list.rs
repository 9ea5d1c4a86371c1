//! `GET /v1/drafts`: lists drafts, the last changed first, in pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::archive::drafts::approval::State as DraftState;
use crate::archive::drafts::find::{DraftPlace, DraftSearch};
use crate::archive::id::Id;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::drafts::record::{DraftJson, DraftList};
use crate::http::filings::disposition::percent_encoded;
use crate::http::filings::search::search_slot;
use crate::http::problem::Problem;

/// The default and the largest number of drafts on a page.
const DEFAULT_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 200;

/// The longest search text, in characters.
const LONGEST_TEXT: usize = 400;

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    title: Option<String>,
    document_number: Option<String>,
    year: Option<u16>,
    state: Option<String>,
    mine: Option<bool>,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// Lists drafts.
///
/// # Errors
/// Returns `Problem::Query` if a parameter is invalid, `AccessError::TooManyConcurrent` or
/// `Problem::Busy` if too many searches run, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/drafts",
    operation_id = "listDrafts",
    tag = "草稿",
    summary = "查询草稿",
    description = "按条件查询本机关的草稿，最近改动的在前，逐页给出，不含内容。",
    params(
        ("title" = Option<String>, Query, description = "标题中的文字"),
        ("document_number" = Option<String>, Query, description = "发文字号中的文字"),
        ("year" = Option<u16>, Query, description = "发文字号的年份", minimum = 1949, maximum = 2099),
        ("state" = Option<String>, Query, description = "状态，如drafting"),
        ("mine" = Option<bool>, Query, description = "只列自己起草的"),
        ("limit" = Option<u16>, Query, description = "每页份数，默认50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "上一页所给地址中的cursor"),
    ),
    responses((
        status = 200,
        description = "一页草稿；下一页的地址也见Link",
        body = ref("#/components/schemas/DraftList"),
        content_type = "application/json"
    ))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    uri: Uri,
) -> Result<Response, Problem> {
    let unreadable = "查询条件只有title、document_number、year、state、mine、limit和cursor，各给一次，year和limit为整数，mine为true或false。";
    let Query(parameters) = Query::<Parameters>::try_from_uri(&uri)
        .map_err(|_| Problem::Query(unreadable.to_owned()))?;
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    let search = search(&parameters, limit).map_err(|it| Problem::Query(it.to_owned()))?;
    let _slot = search_slot(&app, &caller).await?;
    let page = app.archive.drafts(&caller, &search, limit).await?;
    let drafts = page.drafts.iter().map(|one| DraftJson::of(one, &caller, &app.access)).collect();
    let next = page.next.map(|place| parameters.address(&place));
    let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
    let mut response = Json(DraftList { drafts, next }).into_response();
    // The address is ASCII, since everything else is percent-encoded.
    if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn search(parameters: &Parameters, limit: u16) -> Result<DraftSearch, &'static str> {
    let is_text = |text: &String| {
        (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    if ![&parameters.title, &parameters.document_number].into_iter().flatten().all(is_text) {
        return Err("title和document_number应为1至400个字符，且不含控制字符。");
    }
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err("limit应为1至200的整数。");
    }
    if parameters.year.is_some_and(|year| !(1949..=2099).contains(&year)) {
        return Err("year应为1949至2099之间的年份。");
    }
    let state = match &parameters.state {
        Some(name) => Some(
            DraftState::named(name)
                .ok_or("state应为drafting、in_review、returned、in_approval、approved或filed。")?,
        ),
        None => None,
    };
    let after = match &parameters.cursor {
        Some(cursor) => Some(place(cursor).ok_or("cursor不正确，请使用上一页给出的链接。")?),
        None => None,
    };
    Ok(DraftSearch {
        title: parameters.title.clone(),
        document_number: parameters.document_number.clone(),
        year: parameters.year,
        state,
        is_own: parameters.mine.unwrap_or_default(),
        after,
    })
}

fn place(cursor: &str) -> Option<DraftPlace> {
    let (seq, id) = cursor.split_once('.')?;
    Some(DraftPlace { seq: seq.parse().ok()?, id: Id::parse(id)? })
}

impl Parameters {
    /// The address of the page after a draft, with the other parameters unchanged.
    fn address(&self, DraftPlace { seq, id }: &DraftPlace) -> String {
        let others = [
            ("title", self.title.clone()),
            ("document_number", self.document_number.clone()),
            ("year", self.year.map(|year| year.to_string())),
            ("state", self.state.clone()),
            ("mine", self.mine.map(|mine| mine.to_string())),
            ("limit", self.limit.map(|limit| limit.to_string())),
        ];
        let mut address = String::from("/v1/drafts?");
        for (name, value) in others {
            if let Some(value) = value {
                address.push_str(&format!("{name}={}&", percent_encoded(&value)));
            }
        }
        address.push_str(&format!("cursor={seq}.{id}"));
        address
    }
}
