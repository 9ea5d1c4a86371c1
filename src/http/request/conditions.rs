//! Evaluates conditional and range requests (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, header};
use headers::{ETag, HeaderMapExt, IfMatch, IfNoneMatch, IfRange};

use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;

/// The strong `ETag` made from a SHA-256.
pub fn etag(sha256: &str) -> String {
    format!("\"{sha256}\"")
}

/// Which part of a resource to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing: the client has the current version.
    NotModified,
    /// Nothing: the range is beyond the end.
    Unsatisfiable,
}

/// Evaluates `If-Match` and `If-None-Match`.
///
/// # Errors
/// Returns `FilingProblem::PreconditionFailed` if `If-Match` does not contain the tag.
pub fn conditions(headers: &HeaderMap, etag: &str) -> Result<Content, Problem> {
    let Ok(etag) = etag.parse::<ETag>() else { return Ok(Content::Whole) };
    // Malformed conditions are ignored.
    if headers.typed_get::<IfMatch>().is_some_and(|condition| !condition.precondition_passes(&etag))
    {
        return Err(FilingProblem::PreconditionFailed.into());
    }
    let has_it = headers
        .typed_get::<IfNoneMatch>()
        .is_some_and(|condition| !condition.precondition_passes(&etag));
    Ok(if has_it { Content::NotModified } else { Content::Whole })
}

/// Evaluates `If-Match`, `If-None-Match`, `If-Range` and `Range` for this many bytes.
///
/// # Errors
/// As `conditions`.
pub fn conditions_and_range(
    headers: &HeaderMap,
    tag: &str,
    length: u64,
) -> Result<Content, Problem> {
    let send = conditions(headers, tag)?;
    let is_other = match (headers.typed_get::<IfRange>(), tag.parse::<ETag>()) {
        (Some(condition), Ok(etag)) => condition.is_modified(Some(&etag), None),
        // A malformed `If-Range` does not match.
        _ => headers.contains_key(header::IF_RANGE),
    };
    if send != Content::Whole || is_other {
        return Ok(send);
    }
    let ranges = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    Ok(ranges.map_or(Content::Whole, |ranges| part(ranges, length)))
}

/// The part that `Range` selects. Multiple ranges, other units and malformed ranges are ignored, as
/// the RFC allows: the client gets the whole.
fn part(ranges: &str, length: u64) -> Content {
    let Some((first, last)) = ranges.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Content::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    if [first, last].iter().any(|part| part.bytes().any(|byte| !byte.is_ascii_digit())) {
        return Content::Whole;
    }
    // A number that overflows is beyond the end of every file.
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(u64::MAX);
    let range = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Content::Whole,
        (true, false) => length.saturating_sub(number(last))..length,
        (false, true) => number(first)..length,
        (false, false) if number(first) > number(last) => return Content::Whole,
        (false, false) => number(first)..number(last).saturating_add(1).min(length),
    };
    if range.start < range.end { Content::Part(range) } else { Content::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::{Content, part};

    #[test]
    fn ranges_are_parsed_as_in_the_rfc() {
        let cases = [
            ("bytes=0-0", Content::Part(0..1)),
            ("bytes=0-99", Content::Part(0..100)),
            ("bytes=10-", Content::Part(10..100)),
            ("bytes=-10", Content::Part(90..100)),
            ("bytes=-1000", Content::Part(0..100)),
            ("bytes=50-1000", Content::Part(50..100)),
            ("bytes=99-99999999999999999999999", Content::Part(99..100)),
            ("bytes=100-", Content::Unsatisfiable),
            ("bytes=100-200", Content::Unsatisfiable),
            ("bytes=-0", Content::Unsatisfiable),
            ("bytes=2-1", Content::Whole),
            ("bytes=0-1,3-4", Content::Whole),
            ("bytes=-", Content::Whole),
            ("bytes=a-b", Content::Whole),
            ("bytes=+1-2", Content::Whole),
            ("pages=1-2", Content::Whole),
            ("", Content::Whole),
        ];
        for (ranges, expected) in cases {
            assert_eq!(part(ranges, 100), expected, "{ranges}");
        }
        assert_eq!(part("bytes=0-", 0), Content::Unsatisfiable);
    }
}
