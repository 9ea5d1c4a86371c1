//! Compresses text responses that are long enough; files are never compressed.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// The media types that are compressed. PDFs, ZIPs and pictures are compressed already, and events
/// would be delayed by the compressor's buffer.
const COMPRESSIBLE: [&str; 8] = [
    "application/json",
    "application/problem+json",
    "application/schema+json",
    "application/x-ndjson",
    "application/openmetrics-text",
    "text/html",
    "text/css",
    "text/javascript",
];

/// The shortest response that is compressed, in bytes. A shorter one fits into one packet.
const MIN_LENGTH: u64 = 1400;

/// Whether to compress a response.
type ShouldCompress = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses responses if the client accepts it and it is worthwhile.
pub fn layer() -> CompressionLayer<And<SizeAbove, ShouldCompress>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(MIN_LENGTH).and(should_compress as ShouldCompress))
}

fn should_compress(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| COMPRESSIBLE.contains(&essence))
        // A strong `ETag` and a range refer to the uncompressed bytes.
        && !headers.contains_key(header::ETAG)
        && !headers.contains_key(header::CONTENT_RANGE)
}
