//! The HTTP client that the OpenID Connect library uses.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

use crate::jobs::response::read_body;

/// How long a request to the provider may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// The longest response body that is accepted, in bytes.
const RESPONSE_LIMIT: usize = 1 << 20;

/// Sends the library's requests. Redirects are not followed.
#[derive(Debug)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// Creates a client that trusts the system's root certificates.
    ///
    /// # Errors
    /// Returns the `reqwest::Error` if the system has no root certificates.
    pub fn new() -> Result<Self, reqwest::Error> {
        // Fails if another part of the program has installed a provider, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(Policy::none()).timeout(DEADLINE);
        client.build().map(Self)
    }
}

/// Why a request to the provider failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// The request could not be sent, or no complete response arrived.
    #[error("the request to the provider failed")]
    Request(#[from] reqwest::Error),
    /// The response body exceeds the limit.
    #[error("the provider's response is too long")]
    TooLong,
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpClientError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpClientError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut received = self.0.execute(request.try_into()?).await?;
            let body = read_body(&mut received, RESPONSE_LIMIT).await?;
            let mut response = HttpResponse::new(body.ok_or(HttpClientError::TooLong)?);
            *response.status_mut() = received.status();
            *response.headers_mut() = received.headers().clone();
            Ok(response)
        })
    }
}
