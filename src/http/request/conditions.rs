//! Conditions and ranges of requests for what never changes under its `ETag` (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, header};
use headers::{ETag, HeaderMapExt, IfMatch, IfNoneMatch, IfRange};

use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;

/// A strong `ETag` of a SHA-256.
pub fn etag(sha256: &str) -> String {
    format!("\"{sha256}\"")
}

/// What a request wants to have sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Send {
    /// All of it.
    Whole,
    /// A part, by its first byte and the one behind its last.
    Part(Range<u64>),
    /// Nothing: the client has it.
    NotModified,
    /// Nothing: no byte of the range is there.
    Unsatisfiable,
}

/// Whether a client that has something of the same kind is to be sent this.
///
/// # Errors
/// An `If-Match` that does not name it.
pub fn conditions(headers: &HeaderMap, etag: &str) -> Result<Send, Problem> {
    let Ok(etag) = etag.parse::<ETag>() else { return Ok(Send::Whole) };
    // A condition that cannot be read is none.
    if headers.typed_get::<IfMatch>().is_some_and(|condition| !condition.precondition_passes(&etag))
    {
        return Err(FilingProblem::PreconditionFailed.into());
    }
    let has_it = headers
        .typed_get::<IfNoneMatch>()
        .is_some_and(|condition| !condition.precondition_passes(&etag));
    Ok(if has_it { Send::NotModified } else { Send::Whole })
}

/// As `conditions`, and which part of so many bytes is to be sent.
///
/// # Errors
/// As `conditions`.
pub fn conditions_and_range(headers: &HeaderMap, tag: &str, length: u64) -> Result<Send, Problem> {
    let send = conditions(headers, tag)?;
    let is_other = match (headers.typed_get::<IfRange>(), tag.parse::<ETag>()) {
        (Some(condition), Ok(etag)) => condition.is_modified(Some(&etag), None),
        // An `If-Range` that cannot be read names nothing that is here.
        _ => headers.contains_key(header::IF_RANGE),
    };
    if send != Send::Whole || is_other {
        return Ok(send);
    }
    let ranges = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    Ok(ranges.map_or(Send::Whole, |ranges| part(ranges, length)))
}

/// The part that a `Range` names. Several ranges, other units and what is no range are ignored,
/// as the RFC allows: the client gets all of it.
fn part(ranges: &str, length: u64) -> Send {
    let Some((first, last)) = ranges.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Send::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    if [first, last].iter().any(|part| part.bytes().any(|byte| !byte.is_ascii_digit())) {
        return Send::Whole;
    }
    // A number beyond u64 lies beyond every file.
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(u64::MAX);
    let range = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Send::Whole,
        (true, false) => length.saturating_sub(number(last))..length,
        (false, true) => number(first)..length,
        (false, false) if number(first) > number(last) => return Send::Whole,
        (false, false) => number(first)..number(last).saturating_add(1).min(length),
    };
    if range.start < range.end { Send::Part(range) } else { Send::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::{Send, part};

    #[test]
    fn a_range_is_read_as_the_rfc_has_it() {
        let cases = [
            ("bytes=0-0", Send::Part(0..1)),
            ("bytes=0-99", Send::Part(0..100)),
            ("bytes=10-", Send::Part(10..100)),
            ("bytes=-10", Send::Part(90..100)),
            ("bytes=-1000", Send::Part(0..100)),
            ("bytes=50-1000", Send::Part(50..100)),
            ("bytes=99-99999999999999999999999", Send::Part(99..100)),
            ("bytes=100-", Send::Unsatisfiable),
            ("bytes=100-200", Send::Unsatisfiable),
            ("bytes=-0", Send::Unsatisfiable),
            ("bytes=2-1", Send::Whole),
            ("bytes=0-1,3-4", Send::Whole),
            ("bytes=-", Send::Whole),
            ("bytes=a-b", Send::Whole),
            ("bytes=+1-2", Send::Whole),
            ("pages=1-2", Send::Whole),
            ("", Send::Whole),
        ];
        for (ranges, expected) in cases {
            assert_eq!(part(ranges, 100), expected, "{ranges}");
        }
        assert_eq!(part("bytes=0-", 0), Send::Unsatisfiable);
    }
}
