//! Chooses between a filing's PDF and its record by the `Accept` header (RFC 9110, 12.5.1).

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::http::problem::Problem;

/// What a client wants of a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The PDF: the default.
    Pdf,
    /// The record about it, as JSON.
    Record,
}

/// How well a type answers: the quality asked for it, then how closely its range names it.
type Rank = (u16, u8);

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let values = parts.headers.get_all(header::ACCEPT);
        let texts: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
        Self::among(&texts.join(",")).ok_or(Problem::NotAcceptable)
    }
}

impl Wanted {
    /// The better of the two; the PDF where both are as good.
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

/// The closest range decides a type's quality; quality 0 refuses the type.
fn rank(accept: &str, media_type: &str) -> Option<Rank> {
    let (closeness, quality) = accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let closeness = closeness(parts.next()?, media_type)?;
            let quality = parts.find_map(|parameter| {
                parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))
            });
            Some((closeness, quality.map_or(1000, thousandths)))
        })
        .max()?;
    (quality > 0).then_some((quality, closeness))
}

fn closeness(range: &str, media_type: &str) -> Option<u8> {
    match range {
        "*/*" => Some(0),
        "application/*" => Some(1),
        exact if exact.eq_ignore_ascii_case(media_type) => Some(2),
        _ => None,
    }
}

/// A quality such as `0.8`, as thousandths; what is no quality refuses nothing.
fn thousandths(quality: &str) -> u16 {
    let Some(("0", decimals)) = quality.split_once('.').or(Some((quality, ""))) else {
        return 1000;
    };
    format!("{decimals:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn takes_what_the_client_names_first() {
        let cases = [
            ("", Some(Wanted::Pdf)),
            ("*/*", Some(Wanted::Pdf)),
            ("application/*", Some(Wanted::Pdf)),
            ("application/pdf", Some(Wanted::Pdf)),
            ("application/json", Some(Wanted::Record)),
            ("Application/JSON; charset=utf-8", Some(Wanted::Record)),
            ("application/json, text/plain, */*", Some(Wanted::Record)),
            ("application/json;q=0.5, application/pdf;q=0.9", Some(Wanted::Pdf)),
            ("application/pdf;q=0, */*", Some(Wanted::Record)),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", Some(Wanted::Pdf)),
            ("text/html", None),
            ("application/pdf;q=0.000", None),
            ("application/problem+json", None),
        ];
        for (accept, wanted) in cases {
            assert_eq!(Wanted::among(accept), wanted, "{accept}");
        }
    }
}
