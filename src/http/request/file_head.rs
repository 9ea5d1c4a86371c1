//! The status and the headers of a response with a file or a part of it.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::conditions::{Content, conditions, conditions_and_range, etag};

/// How a request for a file is answered.
#[derive(Debug)]
pub enum FileHead {
    /// Without a body, or with a problem.
    Complete(Response),
    /// With these bytes of the file. The response lacks its type and its body.
    Body {
        /// The bytes.
        range: Range<u64>,
        /// Their status and headers.
        response: Response,
    },
}

impl IntoResponse for FileHead {
    fn into_response(self) -> Response {
        match self {
            Self::Complete(response) | Self::Body { response, .. } => response,
        }
    }
}

/// Evaluates the conditions and the range of a request for a file with this SHA-256 and length.
///
/// # Errors
/// Returns `FilingProblem::PreconditionFailed` if `If-Match` does not match.
pub fn file_head(
    method: &Method,
    request: &HeaderMap,
    sha256: &str,
    total: u64,
    disposition: String,
) -> Result<FileHead, Problem> {
    let etag = etag(sha256);
    // Only GET supports ranges.
    let send = if method == Method::GET {
        conditions_and_range(request, &etag, total)?
    } else {
        conditions(request, &etag)?
    };
    let headers = [
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let (status, range) = match send {
        Content::NotModified => {
            return Ok(FileHead::Complete((StatusCode::NOT_MODIFIED, headers).into_response()));
        }
        Content::Unsatisfiable => {
            let length = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            let problem = Problem::from(FilingProblem::RangeUnsatisfiable);
            return Ok(FileHead::Complete((length, problem).into_response()));
        }
        Content::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Content::Whole => (StatusCode::OK, 0..total),
    };
    let length = [(header::CONTENT_LENGTH, (range.end - range.start).to_string())];
    let part = format!("bytes {}-{}/{total}", range.start, range.end.saturating_sub(1));
    let mut response = (status, headers, length, Body::empty()).into_response();
    if let (StatusCode::PARTIAL_CONTENT, Ok(part)) = (status, HeaderValue::try_from(part)) {
        response.headers_mut().insert(header::CONTENT_RANGE, part);
    }
    Ok(FileHead::Body { range, response })
}
