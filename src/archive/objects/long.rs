//! Stores long files part by part, because a bucket may take longer for one request than its deadline.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::archive::error::ArchiveError;
use crate::archive::objects::{ByteStream, Objects, object_path};

/// The length of a part. Buckets require at least 5 MiB.
const PART: u64 = 8 << 20;

impl Objects {
    /// Stores a file whose SHA-256 the caller knows. Only one part of it is in memory.
    ///
    /// # Errors
    /// Returns `ArchiveError::Missing` if the file cannot be read, `ArchiveError::Corrupt` if it has
    /// another SHA-256, and `ArchiveError::Store` if the store is unreachable or full. Nothing is
    /// stored then.
    pub(crate) async fn put_file(&self, path: &Path, sha256: &str) -> Result<(), ArchiveError> {
        let file = Parts::open(path.to_owned()).await;
        let file = file.ok_or_else(|| ArchiveError::Missing(sha256.to_owned()))?;
        let mut upload = self.store.put_multipart(&object_path(sha256)).await?;
        let sent = send(file, &mut *upload, sha256).await;
        finish(sent, &mut *upload).await
    }

    /// Stores a long object whose chunks are verified against its SHA-256 before the last one.
    ///
    /// # Errors
    /// Returns the error of the chunks, or `ArchiveError::Store` if the store is unreachable or full.
    /// Nothing is stored then.
    pub(crate) async fn put_chunks(
        &self,
        sha256: &str,
        chunks: ByteStream,
    ) -> Result<(), ArchiveError> {
        let mut upload = self.store.put_multipart(&object_path(sha256)).await?;
        let sent = send_chunks(chunks, &mut *upload).await;
        finish(sent, &mut *upload).await
    }
}

/// A file that is read and hashed part by part, off the async threads.
struct Parts {
    file: File,
    hash: Sha256,
}

impl Parts {
    /// Opens a file. Returns `None` if it cannot be opened.
    async fn open(path: PathBuf) -> Option<Self> {
        let file = spawn_blocking(move || File::open(path)).await.ok()?.ok()?;
        Some(Self { file, hash: Sha256::new() })
    }

    /// The next part, which is empty at the end. Returns `None` if the file cannot be read.
    async fn next(mut self) -> Option<(Self, Vec<u8>)> {
        let read = move || {
            let mut part = Vec::new();
            self.file.by_ref().take(PART).read_to_end(&mut part).ok()?;
            self.hash.update(&part);
            Some((self, part))
        };
        // The task is cancelled only while the runtime shuts down.
        spawn_blocking(read).await.ok()?
    }
}

/// Completes an upload whose parts were sent, or removes them.
async fn finish(
    sent: Result<(), ArchiveError>,
    upload: &mut dyn MultipartUpload,
) -> Result<(), ArchiveError> {
    match sent {
        Ok(()) => {
            upload.complete().await?;
            Ok(())
        }
        Err(error) => {
            // Why the parts were not sent is more useful than an error of their removal.
            let _ = upload.abort().await;
            Err(error)
        }
    }
}

async fn send_chunks(
    mut chunks: ByteStream,
    upload: &mut dyn MultipartUpload,
) -> Result<(), ArchiveError> {
    let mut part = Vec::new();
    while let Some(chunk) = chunks.try_next().await? {
        part.extend_from_slice(&chunk);
        if part.len() as u64 >= PART {
            upload.put_part(std::mem::take(&mut part).into()).await?;
        }
    }
    if !part.is_empty() {
        upload.put_part(part.into()).await?;
    }
    Ok(())
}

async fn send(
    mut file: Parts,
    upload: &mut dyn MultipartUpload,
    sha256: &str,
) -> Result<(), ArchiveError> {
    loop {
        let (rest, part) =
            file.next().await.ok_or_else(|| ArchiveError::Missing(sha256.to_owned()))?;
        file = rest;
        if part.is_empty() {
            break;
        }
        upload.put_part(part.into()).await?;
    }
    // A package manager may have replaced the program while this process runs.
    if hex::encode(file.hash.finalize()) == sha256 {
        Ok(())
    } else {
        Err(ArchiveError::Corrupt(sha256.to_owned()))
    }
}
