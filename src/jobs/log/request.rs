//! Requests to witnesses and time stamp authorities.

use std::time::Duration;

use reqwest::Client;

use crate::archive::error::ArchiveError;
use crate::jobs::response::{causes, read_body};

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
        Self::NoResponse(causes(error))
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
    let body = read_body(&mut response, RESPONSE_BYTES).await?;
    Ok((status, body.ok_or(OutsideError::Invalid)?))
}
