//! Takes JSON bodies and ids from requests, and refuses others in problem form.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use tokio::time::timeout;

use crate::archive::id::Id;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::bodies::HeldBody;

/// The longest body, in bytes: over a hundred times the longest filing seen.
pub const BODY_LIMIT: usize = 8 << 20;

/// How long a body may take to arrive, lest idle uploads pile up.
const BODY_DEADLINE: Duration = Duration::from_secs(60);

/// The bytes of a body that says it is JSON; nothing has read them yet.
#[derive(Debug)]
pub struct JsonBody(pub HeldBody);

impl FromRequest<Arc<App>> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let headers = request.headers();
        if !is_json(headers) || is_encoded(headers) {
            return Err(Problem::MediaType);
        }
        // Said before the body is read, so that a client that asks first need not send it.
        if announced_length(headers).is_some_and(|length| length > BODY_LIMIT) {
            return Err(Problem::BodyTooLong { limit: BODY_LIMIT });
        }
        let body =
            timeout(BODY_DEADLINE, app.bodies.take_in(request.into_body(), BODY_LIMIT)).await;
        body.unwrap_or(Err(Problem::BodyDeadline)).map(Self)
    }
}

/// The id in the address of a filing.
#[derive(Debug)]
pub struct FilingId(pub Id);

impl<S: Send + Sync> FromRequestParts<S> for FilingId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // What is no id names no filing.
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.and_then(|Path(id)| Id::parse(&id)).map(Self).ok_or(Problem::NotFound)
    }
}

/// Whether the type is `application/json` or ends in `+json`, in UTF-8 where it names a charset.
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

/// The type of a body without its parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let essence = text(headers, &header::CONTENT_TYPE)?.split(';').next()?.trim();
    Some(essence.to_ascii_lowercase())
}

/// How long a body says that it is, in bytes.
pub(crate) fn announced_length(headers: &HeaderMap) -> Option<usize> {
    text(headers, &header::CONTENT_LENGTH)?.parse().ok()
}

/// Whether a body is compressed or coded otherwise.
pub(crate) fn is_encoded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_ENCODING)
        && text(headers, &header::CONTENT_ENCODING) != Some("identity")
}

/// A header as text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
