//! Objects under their SHA-256: written once, never changed, never deleted.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{
    BackoffConfig, ClientOptions, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, RetryConfig,
};
use sha2::{Digest, Sha256};

use crate::archive::error::ArchiveError;

/// How long a bucket may take to be connected to, and to say anything at all.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
const SILENCE_DEADLINE: Duration = Duration::from_secs(10);

/// How long one request to a bucket may take: the longest file over a slow line.
const REQUEST_DEADLINE: Duration = Duration::from_secs(60);

/// How long requests to a bucket are tried again: a hiccup is bridged, an outage is told.
const RETRY_DEADLINE: Duration = Duration::from_secs(3);

/// The longest object that is read as a whole, so that it is known to be whole before its first
/// byte goes out, in bytes. Filings are shorter.
const READ_WHOLE: u64 = 1 << 20;

/// The store of objects; shared by all threads.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

/// An object as a record names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its name: the SHA-256 of its bytes, in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
}

impl Object {
    /// What a record says of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: sha256(bytes), bytes: bytes.len() as u64 }
    }
}

/// The bytes of an object, piece by piece. A stream that fails has not given them all.
pub type ByteStream = BoxStream<'static, Result<Bytes, ArchiveError>>;

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Objects {
    /// Objects in a folder, which is made where there is none. What is written is on the disk when
    /// the call returns.
    ///
    /// # Errors
    /// A folder that cannot be made or opened.
    pub fn in_folder(folder: &Path) -> Result<Self, ArchiveError> {
        make_folders(folder).map_err(|cause| failed("folder", cause))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Objects in a bucket of any S3-compatible server (`s3://bucket`), or below a name in it
    /// (`s3://bucket/name`). Where it is and who asks comes with the options, which have the names
    /// of AWS's own variables (`aws_endpoint`, `aws_access_key_id`, …).
    ///
    /// # Errors
    /// An address or an option that is none.
    pub fn in_bucket(
        url: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ArchiveError> {
        // The process may have its TLS from elsewhere already, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_connect_timeout(CONNECT_DEADLINE)
            .with_read_timeout(SILENCE_DEADLINE)
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
                // Names of AWS's that mean nothing here.
                Err(_) => builder,
            }
        });
        let bucket = builder.build()?;
        let prefix = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        Ok(match prefix.map(|(_, prefix)| Name::from(prefix)) {
            Some(prefix) if prefix.parts().next().is_some() => {
                Self { store: Arc::new(PrefixStore::new(bucket, prefix)) }
            }
            _ => Self { store: Arc::new(bucket) },
        })
    }

    /// Puts bytes under their SHA-256, which it gives. Bytes that are there already stay.
    ///
    /// # Errors
    /// A store that cannot be written to.
    pub async fn put(&self, bytes: Bytes) -> Result<String, ArchiveError> {
        let sha256 = sha256(&bytes);
        self.put_hashed(&sha256, bytes).await?;
        Ok(sha256)
    }

    /// Puts bytes under a SHA-256 that the caller knows to be theirs. Bytes that are there already
    /// stay; whoever reads them holds them against it.
    ///
    /// # Errors
    /// A store that cannot be written to.
    pub async fn put_hashed(&self, sha256: &str, bytes: Bytes) -> Result<(), ArchiveError> {
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&name(sha256), bytes.into(), create).await {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of an object, held against its name.
    ///
    /// # Errors
    /// An object that is not there or not whole, or a store that cannot be read.
    pub async fn get(&self, sha256: &str) -> Result<Bytes, ArchiveError> {
        let found = self.store.get(&name(sha256)).await;
        let bytes = found.map_err(|error| missing(error, sha256))?.bytes().await?;
        if self::sha256(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(ArchiveError::Corrupt(sha256.to_owned()))
        }
    }

    /// A part of an object, by its first byte and the one behind its last; the range lies within
    /// the object. A short object is held against its name before anything is given, a long one
    /// before its last piece; a part of a long one is not.
    ///
    /// # Errors
    /// An object that is not there or not whole, or a store that cannot be read.
    pub async fn read(
        &self,
        object: &Object,
        range: Range<u64>,
    ) -> Result<ByteStream, ArchiveError> {
        if object.bytes <= READ_WHOLE {
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
        let found = self.store.get_opts(&name(&object.sha256), options).await;
        let found = found.map_err(|error| missing(error, &object.sha256))?;
        if found.meta.size != object.bytes {
            return Err(ArchiveError::Corrupt(object.sha256.clone()));
        }
        let pieces = found.into_stream().map_err(ArchiveError::from).boxed();
        Ok(if is_whole { verified(pieces, object.sha256.clone()) } else { pieces })
    }

    /// Asks the store whether it answers.
    ///
    /// # Errors
    /// A store that does not.
    pub async fn ready(&self) -> Result<(), ArchiveError> {
        match self.store.head(&Name::from("ready")).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Makes the folder and those in it that names begin with, all at once: each made for its first object
/// would be brought to the disk by itself.
fn make_folders(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    if folder.join("ff").exists() {
        return Ok(());
    }
    for first in 0..=u8::MAX {
        std::fs::create_dir_all(folder.join(hex::encode([first])))?;
    }
    std::fs::File::open(folder)?.sync_all()
}

/// The same pieces; the last one comes only if all of them have their SHA-256.
fn verified(pieces: ByteStream, sha256: String) -> ByteStream {
    let start = (pieces, Sha256::new(), Bytes::new(), sha256);
    let verified = stream::try_unfold(start, async |(mut pieces, mut hash, held, sha256)| {
        if let Some(piece) = pieces.try_next().await? {
            hash.update(&piece);
            return Ok(Some((held, (pieces, hash, piece, sha256))));
        }
        if held.is_empty() {
            return Ok(None);
        }
        if hex::encode(hash.clone().finalize()) == sha256 {
            Ok(Some((held, (pieces, hash, Bytes::new(), sha256))))
        } else {
            Err(ArchiveError::Corrupt(sha256))
        }
    });
    // The first thing held is nothing.
    verified.try_filter(|piece| std::future::ready(!piece.is_empty())).boxed()
}

/// Two levels of folders, so that none holds millions of names.
fn name(sha256: &str) -> Name {
    let (first, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    Name::from(format!("{first}/{rest}"))
}

fn missing(error: Error, sha256: &str) -> ArchiveError {
    match error {
        Error::NotFound { .. } => ArchiveError::Missing(sha256.to_owned()),
        error => error.into(),
    }
}

fn failed(store: &'static str, cause: io::Error) -> ArchiveError {
    ArchiveError::Store(Error::Generic { store, source: Box::new(cause) })
}
