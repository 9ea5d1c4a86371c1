//! Assigns each request an id, which appears in its response and its log lines.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::{MakeRequestId, MakeRequestUuid, RequestId};

/// The header that carries the id.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id accepted from a client, in bytes.
const LONGEST: usize = 64;

/// The id of a request, for handlers that record it.
#[derive(Debug, Clone)]
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of(&parts.extensions).to_owned()))
    }
}

/// Uses the client's id if it is short and plain, and generates one otherwise. The id is logged, so
/// arbitrary text is not accepted.
pub async fn assign(mut request: Request, next: Next) -> Response {
    let own = request.headers().get(&X_REQUEST_ID).filter(|id| is_plain(id)).cloned();
    let id = own.map(RequestId::new).or_else(|| MakeRequestUuid.make_request_id(&request));
    if let Some(id) = id.clone() {
        request.extensions_mut().insert(id);
    }
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(X_REQUEST_ID, id.into_header_value());
    }
    response
}

/// The id that `assign` gave a request; empty if it did not run.
pub fn of(extensions: &Extensions) -> &str {
    let id = extensions.get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default()
}

fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=LONGEST).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
