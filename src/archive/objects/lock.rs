//! Locks the objects of a bucket against deletion (S3 Object Lock). `object_store` has no calls for that,
//! but it signs the requests.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object_store::ObjectStore;
use object_store::signer::{HeaderName, HeaderValue, Method, SignedUrlOptions, Signer};
use reqwest::Client;
use reqwest::header::HeaderMap;
use ring::digest::{SHA256, digest};

use crate::archive::error::ArchiveError;
use crate::archive::objects::{
    CONNECT_DEADLINE, Objects, REQUEST_DEADLINE, object_path, store_error,
};
use crate::document::moment::Moment;

/// How long a signed request is valid.
const SIGNED_FOR: Duration = Duration::from_secs(60);

/// The status of a response about an object that does not exist.
const NOT_FOUND: u16 = 404;

/// The namespace of the documents of S3.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// Who can delete a locked object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Those who have the right to bypass the lock.
    Governance,
    /// Nobody, including the owner of the bucket.
    Compliance,
}

/// The lock of an object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ObjectLock {
    /// Until when the object is retained, and by which mode.
    pub(crate) retained: Option<(LockMode, Moment)>,
    /// Whether it has a legal hold.
    pub(crate) is_held: bool,
}

/// Locks the objects of a bucket.
#[derive(Debug)]
pub(crate) struct Locks {
    signer: Arc<dyn Signer>,
    client: Client,
}

impl LockMode {
    fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

impl Objects {
    /// A store whose requests can be signed.
    pub(super) fn of_bucket<S: ObjectStore + Signer>(bucket: S) -> Self {
        let bucket = Arc::new(bucket);
        Self { store: Arc::clone(&bucket) as Arc<dyn ObjectStore>, signer: Some(bucket) }
    }

    /// The locks of the bucket. Returns `None` if the objects are in a folder.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the system has no root certificates.
    pub(crate) fn locks(&self) -> Result<Option<Locks>, ArchiveError> {
        let Some(signer) = self.signer.clone() else { return Ok(None) };
        // Fails if a provider is installed already. Everything in this process installs this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().connect_timeout(CONNECT_DEADLINE).timeout(REQUEST_DEADLINE);
        let client = client.build().map_err(|cause| store_error("S3", cause))?;
        Ok(Some(Locks { signer, client }))
    }
}

impl Locks {
    /// The lock of an object. Returns `None` if there is no such object.
    ///
    /// # Errors
    /// Returns `LockError::Refused` if the bucket refuses, and `LockError::Archive` if it is unreachable
    /// or overloaded. Retry later.
    pub(crate) async fn of(&self, sha256: &str) -> Result<Option<ObjectLock>, LockError> {
        let options = SignedUrlOptions::default();
        let url = self
            .signer
            .signed_url_opts(Method::HEAD, &object_path(sha256), SIGNED_FOR, &options)
            .await?;
        let response = self.client.head(url).send().await.map_err(no_response)?;
        match response.status().as_u16() {
            NOT_FOUND => Ok(None),
            200..300 => Ok(Some(lock_in(response.headers()))),
            status => Err(refused(status)),
        }
    }

    /// Retains an object until a time. S3 refuses a shorter time than before.
    ///
    /// # Errors
    /// As `of`.
    pub(crate) async fn retain(
        &self,
        sha256: &str,
        mode: LockMode,
        until: Moment,
    ) -> Result<(), LockError> {
        let mode = mode.name();
        let body = format!(
            "<Retention xmlns=\"{NAMESPACE}\"><Mode>{mode}</Mode>\
             <RetainUntilDate>{until}</RetainUntilDate></Retention>"
        );
        self.put(sha256, "retention", body).await
    }

    /// Places or removes the legal hold of an object.
    ///
    /// # Errors
    /// As `of`.
    pub(crate) async fn hold(&self, sha256: &str, is_held: bool) -> Result<(), LockError> {
        let status = if is_held { "ON" } else { "OFF" };
        let body =
            format!("<LegalHold xmlns=\"{NAMESPACE}\"><Status>{status}</Status></LegalHold>");
        self.put(sha256, "legal-hold", body).await
    }

    /// Puts a document about an object. S3 requires a checksum of it.
    async fn put(&self, sha256: &str, about: &str, body: String) -> Result<(), LockError> {
        let checksum = STANDARD.encode(digest(&SHA256, body.as_bytes()));
        let checksum = HeaderValue::from_str(&checksum)
            .map_err(|cause| LockError::Archive(store_error("S3", cause)))?;
        let algorithm = HeaderValue::from_static("SHA256");
        let options = SignedUrlOptions::default()
            .with_query([(about, "")])
            .with_signed_header(CHECKSUM_ALGORITHM, algorithm.clone())
            .with_signed_header(CHECKSUM, checksum.clone());
        let url = self
            .signer
            .signed_url_opts(Method::PUT, &object_path(sha256), SIGNED_FOR, &options)
            .await?;
        let request = self.client.put(url).header(CHECKSUM_ALGORITHM, algorithm);
        let response = request.header(CHECKSUM, checksum).body(body).send().await;
        match response.map_err(no_response)?.status().as_u16() {
            200..300 => Ok(()),
            status => Err(refused(status)),
        }
    }
}

/// The lock that the headers of an object show. They are missing if the caller may not see the lock.
fn lock_in(headers: &HeaderMap) -> ObjectLock {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mode = match text("x-amz-object-lock-mode") {
        Some("COMPLIANCE") => Some(LockMode::Compliance),
        Some(_) => Some(LockMode::Governance),
        None => None,
    };
    let until = text("x-amz-object-lock-retain-until-date").and_then(|date| date.parse().ok());
    ObjectLock {
        retained: mode.zip(until),
        is_held: text("x-amz-object-lock-legal-hold") == Some("ON"),
    }
}

/// Why a request about a lock failed.
#[derive(Debug)]
pub(crate) enum LockError {
    /// The bucket refused it; requests about other objects may succeed.
    Refused(Refused),
    /// The bucket is unreachable or overloaded.
    Archive(ArchiveError),
}

impl From<object_store::Error> for LockError {
    fn from(error: object_store::Error) -> Self {
        Self::Archive(error.into())
    }
}

fn no_response(error: reqwest::Error) -> LockError {
    // The URL has a signature.
    LockError::Archive(store_error("S3", error.without_url()))
}

fn refused(status: u16) -> LockError {
    match status {
        // 408 and 429 ask for another try.
        408 | 429 | 500.. => LockError::Archive(store_error("S3", Refused(status))),
        _ => LockError::Refused(Refused(status)),
    }
}

/// The status of a response that refuses a request.
#[derive(Debug, thiserror::Error)]
#[error("the bucket answered a request about a lock with the status {0}")]
pub(crate) struct Refused(u16);
