//! Pages from elsewhere that may call the interface (CORS): none but those named.

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::http::access::origin::Origin;
use crate::http::filings::post::HONGTOU_WARNINGS;
use crate::http::filings::previews::HONGTOU_PAGES;
use crate::http::request::request_id::X_REQUEST_ID;

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
            .allow_origin(AllowOrigin::list(origins.iter().filter_map(named)))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers(ASKED.into_iter().chain([idempotency_key]).collect::<Vec<_>>())
            .expose_headers(TOLD.into_iter().chain([X_REQUEST_ID]).collect::<Vec<_>>())
    })
}

fn named(origin: &Origin) -> Option<HeaderValue> {
    HeaderValue::from_str(origin.as_str()).ok()
}
