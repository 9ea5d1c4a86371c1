//! Pages from elsewhere that may call the interface (CORS): none but those named.

use std::str::FromStr;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::http::filings::HONGTOU_WARNINGS;
use crate::http::previews::HONGTOU_PAGES;
use crate::http::request_id::X_REQUEST_ID;

/// An origin such as `https://oa.example.gov.cn`: scheme, host and perhaps port, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

/// What is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an origin")]
pub struct NotAnOrigin;

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_origin = host.is_some_and(|host| {
            !host.is_empty()
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]_".contains(&b))
        });
        let value = is_origin.then(|| HeaderValue::from_str(text).ok()).flatten();
        value.map(Self).ok_or(NotAnOrigin)
    }
}

/// Lets pages of these origins call the interface with a key; a session's cookie is never sent
/// along. Without origins nothing is let in.
pub fn layer(origins: &[Origin]) -> Option<CorsLayer> {
    const ASKED: [HeaderName; 7] = [
        header::ACCEPT,
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::RANGE,
        X_REQUEST_ID,
    ];
    const TOLD: [HeaderName; 7] = [
        header::CONTENT_DISPOSITION,
        header::ETAG,
        header::LINK,
        header::LOCATION,
        header::RETRY_AFTER,
        HONGTOU_PAGES,
        HONGTOU_WARNINGS,
    ];
    let idempotency_key = HeaderName::from_static("idempotency-key");
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins.iter().map(|origin| origin.0.clone())))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers(ASKED.into_iter().chain([idempotency_key]).collect::<Vec<_>>())
            .expose_headers(TOLD.into_iter().chain([X_REQUEST_ID]).collect::<Vec<_>>())
    })
}
