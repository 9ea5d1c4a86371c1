//! Requests to witnesses and time stamp authorities.

use std::error::Error;
use std::iter;
use std::time::Duration;

use reqwest::Client;

use crate::archive::error::ArchiveError;

/// How long a response may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// The longest response, in bytes.
const RESPONSE_BYTES: usize = 1 << 20;

/// Why others did not confirm a checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There is no response.
    #[error("no response: {0}")]
    NoResponse(String),
    /// The response has another status than expected.
    #[error("the response has the status {0}")]
    Status(u16),
    /// The response does not confirm the checkpoint.
    #[error("the response does not confirm the checkpoint")]
    Invalid,
    /// A witness cosigned a longer log than this one.
    #[error("the witness cosigned a log of {0} entries, which is longer than this one")]
    LongerLog(u64),
}

impl From<reqwest::Error> for OutsideError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let causes = iter::successors(Some(&error as &dyn Error), |error| (*error).source());
        Self::NoResponse(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// The HTTP client. Returns `None` if the system has no root certificates.
pub(super) fn client() -> Option<Client> {
    // Fails if a provider is installed already. Everything in this process installs this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(DEADLINE).referer(false).build();
    client.inspect_err(|error| tracing::error!(?error, "no HTTP client for witnesses")).ok()
}

/// Posts a body and returns the status and the body of the response.
pub(super) async fn post(
    client: &Client,
    url: &str,
    media_type: &'static str,
    body: Vec<u8>,
) -> Result<(u16, Vec<u8>), OutsideError> {
    let request = client.post(url).header("content-type", media_type).body(body);
    let mut response = request.send().await?;
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > RESPONSE_BYTES {
            return Err(OutsideError::Invalid);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, bytes))
}
