//! Which answers are compressed: text that is worth it, never a file.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// What is text; PDFs, ZIPs and pictures are compressed already, and a stream of events would wait
/// in the compressor.
const TEXTS: [&str; 8] = [
    "application/json",
    "application/problem+json",
    "application/schema+json",
    "application/x-ndjson",
    "application/openmetrics-text",
    "text/html",
    "text/css",
    "text/javascript",
];

/// A shorter answer fits a packet anyhow.
const SHORTEST: u64 = 1400;

/// Whether compressing an answer of a type pays.
type Pays = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses answers where the client allows it and it pays.
pub fn layer() -> CompressionLayer<And<SizeAbove, Pays>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(SHORTEST).and(pays as Pays))
}

fn pays(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| TEXTS.contains(&essence))
        // An `ETag` and a range name the very bytes.
        && !headers.contains_key(header::ETAG)
        && !headers.contains_key(header::CONTENT_RANGE)
}
