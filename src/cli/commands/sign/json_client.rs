//! Sends JSON to a service and reads the JSON that it returns.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cli::commands::sign::credentials::Secret;
use crate::cli::commands::sign::error::SigningError;
use crate::jobs::response::{causes, read_body};

/// How long a response may take. A person may have to confirm the signature on a phone.
const DEADLINE: Duration = Duration::from_secs(120);

/// The longest response, in bytes.
const RESPONSE_BYTES: usize = 4 << 20;

/// The longest explanation of a service that is shown, in characters.
const SHOWN: usize = 200;

/// A service at an address.
pub struct JsonClient {
    client: Client,
    base: String,
    host: String,
    token: Option<Secret>,
}

/// What services say about a refusal: CSC, OAuth 2.0, and problems (RFC 9457).
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    error: Option<String>,
    error_description: Option<String>,
    detail: Option<String>,
}

impl JsonClient {
    /// A client that sends the token, if there is one, only to this address.
    ///
    /// # Errors
    /// Returns `SigningError::NoRoots` if the system has no root certificates.
    pub(super) fn new(address: &Url, token: Option<Secret>) -> Result<Self, SigningError> {
        // Fails if a provider is installed already. Everything in this process installs this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).timeout(DEADLINE).referer(false);
        // Over http the secrets may only reach this machine.
        let client = if address.scheme() == "http" { client.no_proxy() } else { client };
        let client = client.build().map_err(|_| SigningError::NoRoots)?;
        let base = address.as_str().trim_end_matches('/').to_owned();
        let host = address.host_str().unwrap_or_default().to_owned();
        Ok(Self { client, base, host, token })
    }

    /// Sends a body and returns the body of the response.
    ///
    /// # Errors
    /// Fails if there is no response, the request is refused, or the response is not as expected.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, SigningError> {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        };
        let mut response = request.send().await.map_err(|error| self.no_response(error))?;
        let status = response.status();
        let bytes = read_body(&mut response, RESPONSE_BYTES).await;
        let bytes = bytes.map_err(|error| self.no_response(error))?;
        let bytes = bytes.ok_or_else(|| self.unexpected())?;
        if !status.is_success() {
            return Err(self.refused(status.as_u16(), &bytes));
        }
        serde_json::from_slice(&bytes).map_err(|_| self.unexpected())
    }

    /// The error of a response that is not as the interface describes.
    pub(super) fn unexpected(&self) -> SigningError {
        SigningError::Response { host: self.host.clone() }
    }

    fn refused(&self, status: u16, body: &[u8]) -> SigningError {
        let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
        let sentence = refusal.detail.or(refusal.error_description).or(refusal.error);
        let sentence = sentence.unwrap_or_else(|| "没有说明原因。".to_owned());
        let sentence = sentence.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        SigningError::Refused { host: self.host.clone(), status, sentence }
    }

    fn no_response(&self, error: reqwest::Error) -> SigningError {
        SigningError::NoResponse { host: self.host.clone(), cause: causes(error) }
    }
}
