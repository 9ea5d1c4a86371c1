//! Chooses between the PDF and the record of a filing by `Accept` (RFC 9110, 12.5.1).

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::http::problem::Problem;

/// How a filing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// As its PDF, the default.
    Pdf,
    /// As its record in JSON.
    Record,
}

/// The quality of a media type and the specificity of the range that sets it.
type Rank = (u16, u8);

impl<S: Send + Sync> FromRequestParts<S> for Representation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let values = parts.headers.get_all(header::ACCEPT);
        let texts: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
        Self::among(&texts.join(",")).ok_or(Problem::NotAcceptable)
    }
}

impl Representation {
    /// The preferred representation; the PDF if both are equal.
    fn among(accept: &str) -> Option<Self> {
        if accept.trim().is_empty() {
            return Some(Self::Pdf);
        }
        let pdf = rank(accept, "application/pdf");
        let record = rank(accept, "application/json");
        match (pdf, record) {
            (None, None) => None,
            _ if record > pdf => Some(Self::Record),
            _ => Some(Self::Pdf),
        }
    }
}

/// The most specific range sets the quality of a type; quality 0 excludes the type.
fn rank(accept: &str, media_type: &str) -> Option<Rank> {
    let (specificity, quality) = accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let specificity = specificity(parts.next()?, media_type)?;
            let quality = parts.find_map(|parameter| {
                parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))
            });
            Some((specificity, quality.map_or(1000, thousandths)))
        })
        .max()?;
    (quality > 0).then_some((quality, specificity))
}

fn specificity(range: &str, media_type: &str) -> Option<u8> {
    match range {
        "*/*" => Some(0),
        "application/*" => Some(1),
        exact if exact.eq_ignore_ascii_case(media_type) => Some(2),
        _ => None,
    }
}

/// A quality such as `0.8`, in thousandths; a malformed one counts as 1.
fn thousandths(quality: &str) -> u16 {
    let Some(("0", decimals)) = quality.split_once('.').or(Some((quality, ""))) else {
        return 1000;
    };
    format!("{decimals:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::Representation;

    #[test]
    fn the_preferred_representation_is_chosen() {
        let cases = [
            ("", Some(Representation::Pdf)),
            ("*/*", Some(Representation::Pdf)),
            ("application/*", Some(Representation::Pdf)),
            ("application/pdf", Some(Representation::Pdf)),
            ("application/json", Some(Representation::Record)),
            ("Application/JSON; charset=utf-8", Some(Representation::Record)),
            ("application/json, text/plain, */*", Some(Representation::Record)),
            ("application/json;q=0.5, application/pdf;q=0.9", Some(Representation::Pdf)),
            ("application/pdf;q=0, */*", Some(Representation::Record)),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", Some(Representation::Pdf)),
            ("text/html", None),
            ("application/pdf;q=0.000", None),
            ("application/problem+json", None),
        ];
        for (accept, wanted) in cases {
            assert_eq!(Representation::among(accept), wanted, "{accept}");
        }
    }
}
