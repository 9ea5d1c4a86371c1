//! Takes a JSON body as bytes, and refuses other bodies in problem form.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, header};
use tokio::time::timeout;

use crate::http::App;
use crate::http::bodies::HeldBody;
use crate::http::problem::Problem;

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
        let length = text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
        if length.is_some_and(|length: usize| length > BODY_LIMIT) {
            return Err(Problem::BodyTooLong);
        }
        let body = timeout(BODY_DEADLINE, app.bodies.take_in(request.into_body())).await;
        body.unwrap_or(Err(Problem::BodyDeadline)).map(Self)
    }
}

/// Whether the type is `application/json` or ends in `+json`, in UTF-8 where it names a charset.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = text(headers, &header::CONTENT_TYPE) else {
        return false;
    };
    let content_type = content_type.to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let is_json = essence == "application/json"
        || essence.split_once('/').is_some_and(|(_, subtype)| subtype.ends_with("+json"));
    is_json
        && parts
            .filter_map(|parameter| parameter.strip_prefix("charset="))
            .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_ENCODING)
        && text(headers, &header::CONTENT_ENCODING) != Some("identity")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
