//! Limits the memory of all request bodies together, from the first byte until the work is done.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::archive::objects::sha256;
use crate::generate::permits::RunError;

/// Enough for a full queue of filings several times as long as usual, plus a few bodies of the
/// maximum length.
pub const BODY_MEMORY: usize = 64 << 20;

/// The number of bytes per permit.
const GRAIN: usize = 1 << 10;

/// The longest body that is hashed on an async thread, in bytes: a few dozen microseconds.
const HASHED_INLINE: usize = 16 << 10;

/// The memory left for bodies; clones share it.
#[derive(Debug, Clone)]
pub struct Bodies(Arc<Semaphore>);

/// A body and the memory reserved for it, which is released on drop.
#[derive(Debug, Default)]
pub struct HeldBody {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

/// A complete body and its SHA-256, which is computed once and passed along.
#[derive(Debug)]
pub struct HashedBody {
    body: HeldBody,
    sha256: String,
}

/// Why a body was not received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The connection broke off.
    #[error("the body is incomplete")]
    Incomplete,
    /// The body did not arrive in time.
    #[error("the body did not arrive before the deadline")]
    Deadline,
    /// The body is longer than allowed.
    #[error("the body is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Other bodies take up all the memory.
    #[error("no memory is left for the body")]
    NoMemory,
}

impl Bodies {
    /// Reserves this many bytes for all bodies together.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / GRAIN)))
    }

    /// Receives a body. Memory is reserved for the bytes that arrive, not for the announced length,
    /// so a client that only announces a long body does not block others.
    ///
    /// # Errors
    /// Returns `BodyError::Incomplete` if the connection is closed early, `BodyError::TooLong` if
    /// the body exceeds the limit, and `BodyError::NoMemory` if no memory is left; the client may
    /// retry then.
    pub async fn receive(&self, mut body: Body, limit: usize) -> Result<HeldBody, BodyError> {
        let mut held = HeldBody::default();
        while let Some(frame) = body.frame().await {
            // Trailers are ignored.
            let Ok(data) = frame.map_err(|_| BodyError::Incomplete)?.into_data() else { continue };
            let length = held.bytes.len() + data.len();
            if length > limit {
                return Err(BodyError::TooLong { limit });
            }
            let missing = held.missing_permits(length);
            let permits = Arc::clone(&self.0).try_acquire_many_owned(missing);
            held.extend(permits.map_err(|_| BodyError::NoMemory)?, &data);
        }
        Ok(held)
    }

    /// Appends to a body and waits for memory. Bodies that are read line by line release theirs
    /// soon.
    ///
    /// # Errors
    /// Returns `BodyError::NoMemory` if the semaphore is closed, which never happens.
    pub async fn extend(&self, held: &mut HeldBody, data: &[u8]) -> Result<(), BodyError> {
        let missing = held.missing_permits(held.bytes.len() + data.len());
        let permits = Arc::clone(&self.0).acquire_many_owned(missing).await;
        held.extend(permits.map_err(|_| BodyError::NoMemory)?, data);
        Ok(())
    }
}

impl HeldBody {
    /// Computes the SHA-256, off the async threads unless the body is short.
    ///
    /// # Errors
    /// Returns `RunError::Panicked` if the blocking task is cancelled because the runtime shuts
    /// down.
    pub async fn hash(self) -> Result<HashedBody, RunError> {
        let hash = |body: Self| HashedBody { sha256: sha256(&body), body };
        if self.len() <= HASHED_INLINE {
            return Ok(hash(self));
        }
        spawn_blocking(move || hash(self)).await.map_err(|_| RunError::Panicked)
    }

    /// The bytes to share. The memory stays reserved until the last share is dropped.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }

    /// How many more permits a body of this length needs.
    fn missing_permits(&self, length: usize) -> u32 {
        let held = self.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        u32::try_from(length.div_ceil(GRAIN).saturating_sub(held)).unwrap_or(u32::MAX)
    }

    fn extend(&mut self, permits: OwnedSemaphorePermit, data: &[u8]) {
        match &mut self.room {
            Some(room) => room.merge(permits),
            None => self.room = Some(permits),
        }
        self.bytes.extend_from_slice(data);
    }
}

impl HashedBody {
    /// The SHA-256, as 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The bytes and their SHA-256.
    pub fn into_parts(self) -> (HeldBody, String) {
        (self.body, self.sha256)
    }
}

impl AsRef<[u8]> for HeldBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Deref for HeldBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Deref for HashedBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.body
    }
}
