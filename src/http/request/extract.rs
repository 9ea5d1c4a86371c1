//! Extracts JSON bodies and ids from requests.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema};

use crate::archive::id::Id;
use crate::generate::BODY_LIMIT;
use crate::http::access::caller::caller_id;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::bodies::{BodyError, HeldBody};
use crate::signature::signing::preparation::Preparation;

/// How long a body may take to arrive, so that idle uploads cannot pile up.
const BODY_DEADLINE: Duration = Duration::from_secs(60);

/// A body with a JSON `Content-Type`, not parsed yet.
#[derive(Debug)]
pub struct JsonBody(pub HeldBody);

impl JsonBody {
    /// Parses the body.
    ///
    /// # Errors
    /// Returns `Problem::InvalidBody` with the place of what the interface does not describe.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, Problem> {
        serde_json::from_slice(&self.0.into_bytes()).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let sentence = format!("提交内容不符合接口的规定，见第{line}行第{column}列。");
            Problem::InvalidBody(sentence)
        })
    }
}

impl FromRequest<Arc<App>> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let headers = request.headers();
        if !is_json(headers) || is_encoded(headers) {
            return Err(Problem::MediaType);
        }
        // Checked before the body is read, so that a client with `Expect: 100-continue` need not
        // send it.
        if announced_length(headers).is_some_and(|length| length > BODY_LIMIT) {
            return Err(BodyError::TooLong { limit: BODY_LIMIT }.into());
        }
        let caller = caller_id(request.extensions()).to_owned();
        let body = app.bodies.receive_json(&caller, request.into_body(), BODY_LIMIT);
        let body = timeout(BODY_DEADLINE, body).await;
        Ok(Self(body.unwrap_or(Err(BodyError::Deadline))?))
    }
}

/// The id of a filing in the path.
#[derive(Debug)]
pub struct FilingId(pub Id);

impl<S: Send + Sync> FromRequestParts<S> for FilingId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A malformed id names no filing.
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.and_then(|Path(id)| Id::parse(&id)).map(Self).ok_or(Problem::NotFound)
    }
}

/// The id of a filing and the name of its preparation for a signature in the path.
#[derive(Debug)]
pub struct SigningId {
    /// The id of the filing.
    pub id: Id,
    /// The preparation.
    pub preparation: Preparation,
}

impl<S: Send + Sync> FromRequestParts<S> for SigningId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await.ok();
        let found = path.and_then(|Path((id, preparation))| {
            Some(Self { id: Id::parse(&id)?, preparation: preparation.parse().ok()? })
        });
        found.ok_or(Problem::NotFound)
    }
}

impl IntoParams for SigningId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            in_path("id", "公文的编号", String::schema()),
            in_path("sid", "备签的编号", String::schema()),
        ]
    }
}

/// The id of a draft in the path.
#[derive(Debug)]
pub struct DraftId(pub Id);

/// The id of a draft and the number of a version in the path.
#[derive(Debug)]
pub struct DraftVersion {
    /// The id.
    pub id: Id,
    /// The version.
    pub version: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for DraftId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A malformed id names no draft.
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        let id = id.and_then(|Path(id)| Id::parse(&id)).map(Self);
        id.ok_or_else(|| DraftProblem::Unknown.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DraftVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await.ok();
        let found = path.and_then(|Path((id, version))| {
            Some(Self { id: Id::parse(&id)?, version: version.parse().ok()? })
        });
        found.ok_or_else(|| DraftProblem::Unknown.into())
    }
}

impl IntoParams for DraftId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![in_path("id", "草稿的编号", String::schema())]
    }
}

impl IntoParams for DraftVersion {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            in_path("id", "草稿的编号", String::schema()),
            in_path("version", "版本", i64::schema()),
        ]
    }
}

fn in_path(name: &str, description: &str, schema: RefOr<Schema>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .description(Some(description))
        .required(Required::True)
        .schema(Some(schema))
        .build()
}

impl IntoParams for FilingId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![in_path("id", "公文的编号", String::schema())]
    }
}

/// Whether the type is `application/json` or ends in `+json`, with no charset but UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(essence) = media_type(headers) else {
        return false;
    };
    let content_type = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    let content_type = content_type.to_ascii_lowercase();
    let is_json = essence == "application/json"
        || essence.split_once('/').is_some_and(|(_, subtype)| subtype.ends_with("+json"));
    is_json
        && content_type
            .split(';')
            .map(str::trim)
            .filter_map(|parameter| parameter.strip_prefix("charset="))
            .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"))
}

/// The media type of a body without parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let essence = text(headers, &header::CONTENT_TYPE)?.split(';').next()?.trim();
    Some(essence.to_ascii_lowercase())
}

/// The announced length of a body, in bytes.
pub(crate) fn announced_length(headers: &HeaderMap) -> Option<usize> {
    text(headers, &header::CONTENT_LENGTH)?.parse().ok()
}

/// Whether a body has a `Content-Encoding`, such as compression.
pub(crate) fn is_encoded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_ENCODING)
        && text(headers, &header::CONTENT_ENCODING) != Some("identity")
}

/// A header as text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
