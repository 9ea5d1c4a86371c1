//! Objects under their SHA-256: written once, never changed, never deleted.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use sha2::{Digest, Sha256};

use crate::archive::error::ArchiveError;

/// The store of objects; shared by all threads.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Objects {
    /// Objects in a folder, which is made where there is none. What is written is on the disk when
    /// the call returns.
    ///
    /// # Errors
    /// A folder that cannot be made or opened.
    pub fn in_folder(folder: &Path) -> Result<Self, ArchiveError> {
        std::fs::create_dir_all(folder).map_err(|cause| failed("folder", cause))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Objects in a bucket (`s3://bucket/…`) of any S3-compatible server; where it is and who asks
    /// comes with the options, which have the names of AWS's own variables (`aws_endpoint`,
    /// `aws_access_key_id`, …).
    ///
    /// # Errors
    /// An address or an option that is none.
    pub fn in_bucket(
        url: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ArchiveError> {
        let builder =
            AmazonS3Builder::new().with_url(url).with_conditional_put(S3ConditionalPut::ETagMatch);
        let builder = options.into_iter().fold(builder, |builder, (name, value)| {
            match name.to_ascii_lowercase().parse() {
                Ok(key) => builder.with_config(key, value),
                // Names of AWS's that mean nothing here.
                Err(_) => builder,
            }
        });
        Ok(Self { store: Arc::new(builder.build()?) })
    }

    /// Puts bytes under their SHA-256, which it gives. Bytes that are there already stay.
    ///
    /// # Errors
    /// A store that cannot be written to.
    pub async fn put(&self, bytes: Bytes) -> Result<String, ArchiveError> {
        let sha256 = sha256(&bytes);
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&name(&sha256), bytes.into(), create).await {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(sha256),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of an object, held against its name.
    ///
    /// # Errors
    /// An object that is not there or not whole, or a store that cannot be read.
    pub async fn get(&self, sha256: &str) -> Result<Bytes, ArchiveError> {
        let bytes = self.store.get(&name(sha256)).await?.bytes().await?;
        if self::sha256(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(ArchiveError::Corrupt(sha256.to_owned()))
        }
    }

    /// A part of an object as a stream, by its first byte and the one behind its last.
    ///
    /// # Errors
    /// An object that is not there, or a store that cannot be read.
    pub async fn stream(
        &self,
        sha256: &str,
        range: std::ops::Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, ArchiveError> {
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        Ok(self.store.get_opts(&name(sha256), options).await?.into_stream())
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

/// Two levels of folders, so that none holds millions of names.
fn name(sha256: &str) -> Name {
    let (first, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    Name::from(format!("{first}/{rest}"))
}

fn failed(store: &'static str, cause: io::Error) -> ArchiveError {
    ArchiveError::Store(Error::Generic { store, source: Box::new(cause) })
}
