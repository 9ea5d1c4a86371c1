//! Allows pages of configured origins to call the interface (CORS).

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::http::access::origin::Origin;
use crate::http::filings::post::{HONGTOU_DRAFT, HONGTOU_WARNINGS};
use crate::http::filings::previews::page_picture::HONGTOU_PAGES;
use crate::http::request::idempotency::IDEMPOTENCY_KEY;
use crate::http::request::request_id::X_REQUEST_ID;

/// Allows pages of these origins to call the interface with a key. Credentials are not allowed, so
/// browsers never send the session cookie. Returns `None` without origins.
pub fn layer(origins: &[Origin]) -> Option<CorsLayer> {
    const REQUEST_HEADERS: [HeaderName; 9] = [
        header::ACCEPT,
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::RANGE,
        X_REQUEST_ID,
        IDEMPOTENCY_KEY,
        HONGTOU_DRAFT,
    ];
    const RESPONSE_HEADERS: [HeaderName; 8] = [
        header::CONTENT_DISPOSITION,
        header::ETAG,
        header::LINK,
        header::LOCATION,
        header::RETRY_AFTER,
        HONGTOU_PAGES,
        HONGTOU_WARNINGS,
        X_REQUEST_ID,
    ];
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins.iter().filter_map(header_value)))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers(REQUEST_HEADERS)
            .expose_headers(RESPONSE_HEADERS)
    })
}

fn header_value(origin: &Origin) -> Option<HeaderValue> {
    HeaderValue::from_str(origin.as_str()).ok()
}
