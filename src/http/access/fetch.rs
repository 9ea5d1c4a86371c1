//! Sends the requests of a library that has no client of its own.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

/// How long the provider may take to answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// The longest answer of a provider that is read, in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

/// Sends the library's requests; no redirect is followed.
#[derive(Debug)]
pub struct Fetch(reqwest::Client);

impl Fetch {
    /// Sends requests from here.
    ///
    /// # Errors
    /// Where the system has no certificates to trust.
    pub fn new() -> Result<Self, reqwest::Error> {
        // Another part of the program may have done the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(Policy::none()).timeout(DEADLINE);
        client.build().map(Self)
    }
}

/// Why the provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The connection fails.
    #[error("the provider cannot be asked")]
    Request(#[from] reqwest::Error),
    /// The answer is longer than any of use.
    #[error("the provider's answer is too long")]
    TooLong,
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut answer = self.0.execute(request.try_into()?).await?;
            let mut body = Vec::new();
            while let Some(piece) = answer.chunk().await? {
                body.extend_from_slice(&piece);
                if body.len() > LONGEST_ANSWER {
                    return Err(FetchError::TooLong);
                }
            }
            let mut response = HttpResponse::new(body);
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            Ok(response)
        })
    }
}
