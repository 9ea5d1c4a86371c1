//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what is sent twice is done once.

use std::future::Future;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::archive::idempotency::{Attempt, Begun};
use crate::archive::objects::sha256;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const LONGEST: usize = 255;

/// The key of a request, where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

/// When a request was done.
#[derive(Debug)]
pub enum Done<T> {
    /// Just now, with this result.
    Now(T),
    /// When it came before, with what has this id.
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
            // Two keys are none.
            (Some(_), Some(_)) => Err(FilingProblem::KeyMalformed.into()),
        }
    }
}

/// What tells one request from another.
pub fn fingerprint(method_and_path: &str, body: &[u8]) -> String {
    sha256(format!("{method_and_path}\n{}", sha256(body)).as_bytes())
}

/// Does what a request asks for, which gives the id of what came of it and a result; or finds
/// that it was done when its owner sent it before. What fails is not remembered. The work may record
/// the end of its attempt together with what came of it; it is recorded afterwards in any case.
///
/// # Errors
/// What the work fails with; the same request that is under way, or another with the same key.
pub async fn once<T, W>(
    app: &Arc<App>,
    owner: &str,
    key: IdempotencyKey,
    fingerprint: &str,
    work: impl FnOnce(Option<Attempt>) -> W,
) -> Result<Done<T>, Problem>
where
    T: Send + 'static,
    W: Future<Output = Result<(String, T), Problem>> + Send + 'static,
{
    let Some(key) = key.0 else {
        let (_, result) = work(None).await?;
        return Ok(Done::Now(result));
    };
    let attempt = match app.archive.begin(owner, &key, fingerprint).await? {
        Begun::First(attempt) => attempt,
        Begun::Done(id) => return Ok(Done::Before(id)),
        Begun::UnderWay => return Err(FilingProblem::KeyUnderWay.into()),
        Begun::OtherRequest => return Err(FilingProblem::KeyReused.into()),
    };
    let archive = app.archive.clone();
    // A client that goes away comes back with its key, and then finds the work done; so the work
    // does not end with the connection.
    let work = work(Some(attempt.clone()));
    let work = async move {
        let ended = work.await;
        let noted = match &ended {
            Ok((id, _)) => archive.finish(&attempt, id).await,
            Err(_) => archive.abandon(&attempt).await,
        };
        // The key is taken over in a while, and the same content finds the same filing.
        if let Err(error) = noted {
            tracing::warn!(error = %error, "an idempotency key stays under way");
        }
        ended
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(ended) => ended.map(|(_, result)| Done::Now(result)),
        Err(_) => Err(Problem::Panicked),
    }
}

/// A key as the draft has it, a string in quotes (RFC 9651); or without quotes, as many send it.
fn key(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None => Some(text.to_owned()).filter(|text| text.bytes().all(is_token))?,
    };
    (1..=LONGEST).contains(&key.chars().count()).then_some(key)
}

/// What stands before the closing quote; parameters behind it say nothing here.
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
    fn a_key_is_a_string_in_quotes_or_a_bare_token() {
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
