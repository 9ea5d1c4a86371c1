//! Runs a request with an `Idempotency-Key` once (draft-ietf-httpapi-idempotency-key-header).

use std::future::Future;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::archive::idempotency::{Attempt, BeginOutcome};
use crate::archive::objects::sha256;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;

/// The header that carries the key.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const LONGEST: usize = 255;

/// The key of a request, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

/// The result of a request that runs once.
#[derive(Debug)]
pub enum Once<T> {
    /// The request ran now.
    Now(T),
    /// An earlier request with the same key created the resource with this id.
    Before(String),
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) => match key(value) {
                Some(key) => Ok(Self(Some(key))),
                None => Err(FilingProblem::KeyMalformed.into()),
            },
            // Two keys are ambiguous.
            (Some(_), Some(_)) => Err(FilingProblem::KeyMalformed.into()),
        }
    }
}

/// Identifies a request by its method, path and body.
pub fn fingerprint(method_and_path: &str, body_sha256: &str) -> String {
    sha256(format!("{method_and_path}\n{body_sha256}").as_bytes())
}

/// Runs `work`, which returns the id of the created resource and a result, unless the owner has run
/// it before with the same key. Failures are not remembered. `work` may finish its attempt in the
/// transaction that creates the resource; otherwise it is finished afterwards.
///
/// # Errors
/// Returns the problem of `work`, `FilingProblem::KeyUnderWay` if the same request is still
/// running, and `FilingProblem::KeyReused` if the key was used for another request.
pub async fn run_once<T, W>(
    app: &Arc<App>,
    owner: &str,
    key: IdempotencyKey,
    fingerprint: &str,
    work: impl FnOnce(Option<Attempt>) -> W,
) -> Result<Once<T>, Problem>
where
    T: Send + 'static,
    W: Future<Output = Result<(String, T), Problem>> + Send + 'static,
{
    let Some(key) = key.0 else {
        let (_, result) = work(None).await?;
        return Ok(Once::Now(result));
    };
    let attempt = match app.archive.begin(owner, &key, fingerprint).await? {
        BeginOutcome::Started(attempt) => attempt,
        BeginOutcome::Finished(id) => return Ok(Once::Before(id)),
        BeginOutcome::InProgress => return Err(FilingProblem::KeyUnderWay.into()),
        BeginOutcome::OtherRequest => return Err(FilingProblem::KeyReused.into()),
    };
    let archive = app.archive.clone();
    // The work outlives the connection: a client that reconnects with its key then finds the
    // result.
    let work = work(Some(attempt.clone()));
    let work = async move {
        let ended = work.await;
        let noted = match &ended {
            Ok((id, _)) => archive.finish(&attempt, id).await,
            Err(_) => archive.abandon(&attempt).await,
        };
        // Harmless: the attempt expires, and equal content finds the same filing.
        if let Err(error) = noted {
            tracing::warn!(error = %error, "an attempt with an idempotency key could not be finished");
        }
        ended
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(ended) => ended.map(|(_, result)| Once::Now(result)),
        Err(_) => Err(Problem::Panicked),
    }
}

/// Parses a quoted string (RFC 9651), or a bare token, which many clients send.
fn key(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None => Some(text.to_owned()).filter(|text| text.bytes().all(is_token))?,
    };
    (1..=LONGEST).contains(&key.chars().count()).then_some(key)
}

/// The text up to the closing quote. Parameters after it are ignored.
fn unquoted(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut key = String::new();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => key.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            c @ ' '..='~' => key.push(c),
            _ => return None,
        }
    }
    let rest = characters.as_str();
    (rest.is_empty() || rest.starts_with(';')).then_some(key)
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::key;

    #[test]
    fn a_key_is_a_quoted_string_or_a_bare_token() {
        let long = "a".repeat(255);
        let longer = "a".repeat(256);
        let cases = [
            ("\"8e03978e-40d5-43e8\"", Some("8e03978e-40d5-43e8")),
            ("8e03978e-40d5-43e8", Some("8e03978e-40d5-43e8")),
            (" \"two words\" ", Some("two words")),
            (r#""a \"b\" \\""#, Some(r#"a "b" \"#)),
            ("\"a\";p=1", Some("a")),
            (&long, Some(&long)),
            (&longer, None),
            ("", None),
            ("\"\"", None),
            ("\"a", None),
            ("\"a\"b", None),
            ("two words", None),
            ("a\"b", None),
            (r#""a\b""#, None),
            ("\"a\", \"b\"", None),
        ];
        for (text, expected) in cases {
            let value = HeaderValue::from_str(text).unwrap();
            assert_eq!(key(&value).as_deref(), expected, "{text}");
        }
        assert_eq!(key(&HeaderValue::from_str("\"键\"").unwrap()), None);
    }
}
