//! Sends a webhook when a batch has ended, signed as in the Standard Webhooks specification.

pub mod address;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use serde::Serialize;
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer,
};

use crate::document::moment::Moment;
use crate::jobs::batch::{Batch, Counts, State};
use crate::jobs::error::JobsError;
use crate::jobs::response::causes;
use crate::jobs::webhook::address::{AddressError, AddressPolicy};

/// How long a receiver may take to respond.
const RESPONSE_DEADLINE: Duration = Duration::from_secs(15);

/// The status code with which a receiver refuses further webhooks.
const GONE: u16 = 410;

/// How long connecting may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// The delays between attempts. The attempt after the last delay is the last one.
pub const RETRY_DELAYS: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
];

/// The settings of webhooks.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The secret that signs them. Without one, batches with a webhook are refused.
    pub secret: Option<SigningSecret>,
    /// Hosts that are allowed even if they are private.
    pub allowed: Vec<String>,
    /// The delays between attempts.
    pub retry_delays: Vec<Duration>,
}

/// The secret that signs webhooks. `Debug` hides it.
#[derive(Clone)]
pub struct SigningSecret(Arc<Signer>);

/// Sends webhooks; shared by all threads.
#[derive(Clone)]
pub struct Webhooks {
    secret: Option<SigningSecret>,
    policy: AddressPolicy,
    client: Client,
    pub(crate) retry_delays: Arc<[Duration]>,
}

/// The body of a webhook.
#[derive(Debug, Serialize)]
struct Message<'a> {
    r#type: &'static str,
    /// When the batch ended; the same in every attempt.
    timestamp: Moment,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    id: &'a str,
    total: i64,
    counts: Counts,
}

/// The result of an attempt.
pub(crate) enum DeliveryOutcome {
    Delivered(u16),
    /// The receiver refuses further webhooks.
    Gone(u16),
    Failed(Option<u16>),
}

impl SigningSecret {
    /// Parses a secret: `whsec_` and base64. Returns `None` for text of another form.
    pub fn new(text: &str) -> Option<Self> {
        let key = text.strip_prefix("whsec_").filter(|key| !key.is_empty())?;
        Signer::new(key).ok().map(|signer| Self(Arc::new(signer)))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Webhooks {
    /// Creates the HTTP client.
    ///
    /// # Errors
    /// Returns `JobsError::Client` if the system has no root certificates.
    pub fn new(settings: Settings) -> Result<Self, JobsError> {
        // Fails if a provider is installed already. Everything in this process installs this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let policy = AddressPolicy::new(settings.allowed);
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_DEADLINE)
            .timeout(RESPONSE_DEADLINE)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("hongtou/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(policy.clone()))
            .build()
            .map_err(JobsError::Client)?;
        Ok(Self {
            secret: settings.secret,
            policy,
            client,
            retry_delays: settings.retry_delays.into(),
        })
    }

    /// Checks the address of a webhook and returns it in normalized form.
    ///
    /// # Errors
    /// Returns `AddressError::NotSetUp` if the server has no secret, and the other variants for an
    /// address that is not allowed.
    pub async fn accept(&self, address: &str) -> Result<String, AddressError> {
        if self.secret.is_none() {
            return Err(AddressError::NotSetUp);
        }
        Ok(self.policy.check_resolved(address).await?.into())
    }

    /// Sends a webhook once.
    pub(crate) async fn send(&self, address: &str, batch: &Batch, now: Moment) -> DeliveryOutcome {
        let id = format!("msg_{}", batch.id);
        let seconds = now.0 / 1000;
        let body = message(batch);
        let (Some(SigningSecret(signer)), Ok(url)) = (&self.secret, self.policy.check(address))
        else {
            // The settings have changed since the batch was posted, and may change back.
            return DeliveryOutcome::Failed(None);
        };
        let Ok(signature) = signer.sign(&id, seconds, body.as_bytes()) else {
            return DeliveryOutcome::Failed(None);
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let request = self
            .client
            .post(url)
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, seconds)
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        // The body of the response is not read.
        match request.send().await.map(|response| response.status().as_u16()) {
            Ok(status @ 200..=299) => DeliveryOutcome::Delivered(status),
            Ok(GONE) => DeliveryOutcome::Gone(GONE),
            Ok(status) => {
                tracing::warn!(batch = batch.id, host, status, "a webhook was refused");
                DeliveryOutcome::Failed(Some(status))
            }
            Err(error) => {
                let cause = causes(error);
                tracing::warn!(batch = batch.id, host, cause, "a webhook got no response");
                DeliveryOutcome::Failed(None)
            }
        }
    }
}

fn message(batch: &Batch) -> String {
    let r#type = if batch.state == State::Cancelled { "batch.cancelled" } else { "batch.done" };
    let timestamp = batch.finished_at.unwrap_or(batch.created_at);
    let data = Data { id: &batch.id, total: batch.total, counts: batch.counts };
    // Strings and numbers always serialize.
    serde_json::to_string(&Message { r#type, timestamp, data }).unwrap_or_default()
}
