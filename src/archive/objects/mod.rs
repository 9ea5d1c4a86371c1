//! Stores files under the SHA-256 of their bytes; an object never changes, and is removed only if no
//! record names it.

mod long;
pub mod lock;
pub(crate) mod scan;

use std::future::ready;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::signer::Signer;
use object_store::{
    BackoffConfig, ClientOptions, Error, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMode, PutOptions, RetryConfig,
};
use ring::digest::{Context, SHA256, digest};
use tokio::task::spawn_blocking;

use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// How long connecting to a bucket may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

/// How long a bucket may take to send the next bytes of a response.
const READ_DEADLINE: Duration = Duration::from_secs(10);

/// How long one request to a bucket may take: the longest file over a slow connection.
const REQUEST_DEADLINE: Duration = Duration::from_secs(60);

/// How long a failed request to a bucket is retried. A short failure is hidden from the client; a
/// longer one is reported.
const RETRY_DEADLINE: Duration = Duration::from_secs(3);

/// The longest object that is verified before its first byte is sent, in bytes. Longer ones are
/// verified while they are sent. Filings are shorter.
const BUFFERED_BYTES: u64 = 1 << 20;

/// The most bytes that are hashed on an async thread: a few dozen microseconds.
const HASHED_INLINE: usize = 16 << 10;

/// The folder of the objects that are set aside.
const ASIDE: &str = "aside";

/// The store of objects; shared by all threads.
#[derive(Debug, Clone)]
pub struct Objects {
    pub(super) store: Arc<dyn ObjectStore>,
    /// Signs requests to a bucket; `None` for a folder.
    signer: Option<Arc<dyn Signer>>,
}

/// An object, as records refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The number of its bytes.
    pub bytes: u64,
}

/// An object as the store lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredObject {
    /// The SHA-256 of its bytes.
    pub(crate) sha256: String,
    /// The number of its bytes.
    pub(crate) bytes: u64,
    /// When it was written or set aside.
    pub(crate) written_at: Moment,
}

impl Object {
    /// Computes the SHA-256 and the length of bytes, off the async threads unless there are few.
    pub async fn of(bytes: &Bytes) -> Self {
        Self { sha256: hash(bytes).await, bytes: bytes.len() as u64 }
    }
}

/// The bytes of an object in chunks. A stream that ends with an error is incomplete.
pub type ByteStream = BoxStream<'static, Result<Bytes, ArchiveError>>;

/// The SHA-256 of bytes, as 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}

/// The same, computed off the async threads unless there are few bytes.
async fn hash(bytes: &Bytes) -> String {
    if bytes.len() > HASHED_INLINE {
        let bytes = bytes.clone();
        if let Ok(sha256) = spawn_blocking(move || sha256(&bytes)).await {
            return sha256;
        }
        // The task is cancelled only while the runtime shuts down.
    }
    sha256(bytes)
}

impl Objects {
    /// Opens a store in a folder and creates the folder if it is missing. Writes are synced to disk.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the folder cannot be created or opened.
    pub fn in_folder(folder: &Path) -> Result<Self, ArchiveError> {
        create_folders(folder).map_err(|cause| store_error("folder", cause))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), signer: None })
    }

    /// Opens a store in a bucket of an S3-compatible server (`s3://bucket`), optionally below a
    /// prefix (`s3://bucket/prefix`). Endpoint and credentials are options, named like the
    /// environment variables of AWS (`aws_endpoint`, `aws_access_key_id`, …). Sends no request.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the URL or the value of an option is invalid.
    pub fn in_bucket(
        url: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ArchiveError> {
        // Fails if a provider is installed already. Everything in this process installs this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_connect_timeout(CONNECT_DEADLINE)
            .with_read_timeout(READ_DEADLINE)
            .with_timeout(REQUEST_DEADLINE);
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 3,
            retry_timeout: RETRY_DEADLINE,
        };
        let builder = AmazonS3Builder::new()
            .with_url(url)
            .with_client_options(client)
            .with_retry(retry)
            .with_conditional_put(S3ConditionalPut::ETagMatch);
        let builder = options.into_iter().fold(builder, |builder, (name, value)| {
            match name.to_ascii_lowercase().parse() {
                Ok(key) => builder.with_config(key, value),
                // Other variables of AWS do not concern the bucket.
                Err(_) => builder,
            }
        });
        let bucket = builder.build()?;
        let prefix = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        Ok(match prefix.map(|(_, prefix)| ObjectPath::from(prefix)) {
            Some(prefix) if prefix.parts().next().is_some() => {
                Self::of_bucket(PrefixStore::new(bucket, prefix))
            }
            _ => Self::of_bucket(bucket),
        })
    }

    /// Stores bytes and returns their SHA-256.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the store is unreachable or full. Retry later.
    pub async fn put(&self, bytes: Bytes) -> Result<String, ArchiveError> {
        let sha256 = hash(&bytes).await;
        self.put_hashed(&sha256, bytes).await?;
        Ok(sha256)
    }

    /// Stores bytes whose SHA-256 the caller has computed. It is not checked here: reading an object
    /// verifies it.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the store is unreachable or full. Retry later.
    pub async fn put_hashed(&self, sha256: &str, bytes: Bytes) -> Result<(), ArchiveError> {
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let path = object_path(sha256);
        match self.store.put_opts(&path, bytes.clone().into(), create).await {
            Ok(_) => Ok(()),
            // Renews its time: an old object without a record would be collected.
            Err(Error::AlreadyExists { .. }) => {
                self.store.put(&path, bytes.into()).await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads an object and verifies its SHA-256.
    ///
    /// # Errors
    /// Returns `ArchiveError::Missing` if there is no such object, `ArchiveError::Corrupt` if its
    /// bytes have another SHA-256, and `ArchiveError::Store` if the store is unreachable; only the
    /// last one is worth a retry.
    pub async fn get(&self, sha256: &str) -> Result<Bytes, ArchiveError> {
        let found = self.store.get(&object_path(sha256)).await;
        let bytes = found.map_err(|error| read_error(error, sha256))?.bytes().await?;
        if hash(&bytes).await == sha256 {
            Ok(bytes)
        } else {
            Err(ArchiveError::Corrupt(sha256.to_owned()))
        }
    }

    /// Reads a range of an object; the range must lie within it. An object of up to
    /// `BUFFERED_BYTES` is verified before the stream starts. A longer one is verified before its
    /// last chunk if all of it is read, and not at all if only a part is read.
    ///
    /// # Errors
    /// Like `get`. Errors that occur later end the stream.
    pub async fn read(
        &self,
        object: &Object,
        range: Range<u64>,
    ) -> Result<ByteStream, ArchiveError> {
        if object.bytes <= BUFFERED_BYTES {
            let bytes = self.get(&object.sha256).await?;
            let part = usize::try_from(range.start)
                .ok()
                .zip(usize::try_from(range.end).ok())
                .filter(|(start, end)| start <= end && *end <= bytes.len())
                .map(|(start, end)| bytes.slice(start..end))
                .ok_or_else(|| ArchiveError::Corrupt(object.sha256.clone()))?;
            return Ok(stream::once(async { Ok(part) }).boxed());
        }
        let is_whole = range == (0..object.bytes);
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let found = self.store.get_opts(&object_path(&object.sha256), options).await;
        let found = found.map_err(|error| read_error(error, &object.sha256))?;
        if found.meta.size != object.bytes {
            return Err(ArchiveError::Corrupt(object.sha256.clone()));
        }
        let chunks = found.into_stream().map_err(ArchiveError::from).boxed();
        Ok(if is_whole { verified(chunks, object.sha256.clone()) } else { chunks })
    }

    /// All objects, without those that are set aside.
    pub(crate) fn stored(&self) -> BoxStream<'static, Result<StoredObject, ArchiveError>> {
        let found = self.store.list(None).map_err(ArchiveError::from);
        found.try_filter_map(|meta| ready(Ok(stored_object(&meta)))).boxed()
    }

    /// The objects whose SHA-256 begin with these two digits.
    pub(crate) fn stored_in(
        &self,
        group: &str,
    ) -> BoxStream<'static, Result<StoredObject, ArchiveError>> {
        let found = self.store.list(Some(&ObjectPath::from(group))).map_err(ArchiveError::from);
        found.try_filter_map(|meta| ready(Ok(stored_object(&meta)))).boxed()
    }

    /// Whether there are no objects.
    pub(crate) async fn is_empty(&self) -> Result<bool, ArchiveError> {
        Ok(self.stored().try_next().await?.is_none())
    }

    /// The objects that are set aside, each with the time at which it was.
    pub(crate) fn aside(&self) -> BoxStream<'static, Result<StoredObject, ArchiveError>> {
        let found = self.store.list(Some(&ObjectPath::from(ASIDE))).map_err(ArchiveError::from);
        found.try_filter_map(|meta| ready(Ok(object_aside(&meta)))).boxed()
    }

    /// Sets an object aside unless it was written at this time or later. Returns whether it did.
    pub(crate) async fn set_aside(
        &self,
        sha256: &str,
        limit: Moment,
        now: Moment,
    ) -> Result<bool, ArchiveError> {
        let path = object_path(sha256);
        let meta = match self.store.head(&path).await {
            Ok(meta) => meta,
            // Another server was faster.
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if written_at(&meta) >= limit {
            return Ok(false);
        }
        match self.store.rename(&path, &aside_path(sha256, now)).await {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts back an object that was set aside.
    pub(crate) async fn put_back(&self, object: &StoredObject) -> Result<(), ArchiveError> {
        let aside = aside_path(&object.sha256, object.written_at);
        Ok(self.store.rename(&aside, &object_path(&object.sha256)).await?)
    }

    /// Removes an object that was set aside.
    pub(crate) async fn remove_aside(&self, object: &StoredObject) -> Result<(), ArchiveError> {
        match self.store.delete(&aside_path(&object.sha256, object.written_at)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Checks that the store responds.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if it does not.
    pub async fn ready(&self) -> Result<(), ArchiveError> {
        match self.store.head(&ObjectPath::from("ready")).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Creates the folder and all folders in it, with a single sync. Creating each one with its first
/// object would need a sync of its own.
fn create_folders(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    if folder.join("ff").exists() {
        return Ok(());
    }
    for first in 0..=u8::MAX {
        std::fs::create_dir_all(folder.join(hex::encode([first])))?;
    }
    std::fs::File::open(folder)?.sync_all()
}

/// Holds the last chunk back until the SHA-256 of all chunks is verified.
fn verified(chunks: ByteStream, sha256: String) -> ByteStream {
    let start = (chunks, Context::new(&SHA256), Bytes::new(), sha256);
    let verified = stream::try_unfold(start, async |(mut chunks, mut hash, held, sha256)| {
        if let Some(chunk) = chunks.try_next().await? {
            hash.update(&chunk);
            return Ok(Some((held, (chunks, hash, chunk, sha256))));
        }
        if held.is_empty() {
            return Ok(None);
        }
        if hex::encode(hash.clone().finish()) == sha256 {
            Ok(Some((held, (chunks, hash, Bytes::new(), sha256))))
        } else {
            Err(ArchiveError::Corrupt(sha256))
        }
    });
    // Before the first chunk, the held one is empty.
    verified.try_filter(|chunk| ready(!chunk.is_empty())).boxed()
}

/// The path of an object that was set aside at this time.
fn aside_path(sha256: &str, Moment(at): Moment) -> ObjectPath {
    ObjectPath::from(format!("{ASIDE}/{at}/{sha256}"))
}

fn written_at(meta: &ObjectMeta) -> Moment {
    Moment(meta.last_modified.timestamp_millis())
}

/// The object with this path; `None` for other files.
fn stored_object(meta: &ObjectMeta) -> Option<StoredObject> {
    let (first, rest) = meta.location.as_ref().split_once('/')?;
    let sha256 = format!("{first}{rest}");
    let is_object = first.len() == 2 && is_sha256(&sha256);
    is_object.then(|| StoredObject { sha256, bytes: meta.size, written_at: written_at(meta) })
}

fn object_aside(meta: &ObjectMeta) -> Option<StoredObject> {
    let rest = meta.location.as_ref().strip_prefix(ASIDE)?.strip_prefix('/')?;
    let (at, sha256) = rest.split_once('/')?;
    let written_at = Moment(at.parse().ok()?);
    let sha256 = is_sha256(sha256).then(|| sha256.to_owned())?;
    Some(StoredObject { sha256, bytes: meta.size, written_at })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The path of an object, in a folder named by its first two digits: one folder with millions of
/// files would be slow.
fn object_path(sha256: &str) -> ObjectPath {
    let (first, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    ObjectPath::from(format!("{first}/{rest}"))
}

fn read_error(error: Error, sha256: &str) -> ArchiveError {
    match error {
        Error::NotFound { .. } => ArchiveError::Missing(sha256.to_owned()),
        error => error.into(),
    }
}

pub(crate) fn store_error(
    store: &'static str,
    cause: impl std::error::Error + Send + Sync + 'static,
) -> ArchiveError {
    ArchiveError::Store(Error::Generic { store, source: Box::new(cause) })
}
