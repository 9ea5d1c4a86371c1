//! Limits the memory of all request bodies together, from the first byte until the work is done.

use std::ops::Deref;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::task::spawn_blocking;

use crate::archive::objects::sha256;
use crate::generate::permits::RunError;
use crate::generate::room::{NoRoom, Reservation, Room};
use crate::submission::bounds::{Bound, Scan};

/// Enough for a full queue of filings of the usual length with what is read from them, and for two
/// bodies that take the most.
pub const BODY_MEMORY: usize = 256 << 20;

/// The longest body that is hashed on an async thread, in bytes: a few dozen microseconds.
const HASHED_INLINE: usize = 16 << 10;

/// The memory left for bodies; clones share it.
#[derive(Debug, Clone)]
pub struct Bodies(Room);

/// A body and the memory reserved for it, which is released on drop.
#[derive(Debug)]
pub struct HeldBody {
    bytes: Vec<u8>,
    reserved: Reservation,
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
    /// The JSON has too many values or is nested too deeply.
    #[error("the body is too complex")]
    TooComplex(Bound),
    /// The caller's other bodies take up its share of the memory.
    #[error("the share of the caller is used up")]
    NoShare,
    /// Other bodies take up all the memory.
    #[error("no memory is left for the body")]
    NoMemory,
}

impl From<NoRoom> for BodyError {
    fn from(reason: NoRoom) -> Self {
        match reason {
            NoRoom::Share => Self::NoShare,
            NoRoom::Full => Self::NoMemory,
        }
    }
}

impl Bodies {
    /// Reserves this many bytes for all bodies together.
    pub fn new(bytes: usize) -> Self {
        Self(Room::new(bytes))
    }

    /// The memory, to reserve it for work that follows a request.
    pub fn room(&self) -> &Room {
        &self.0
    }

    /// A body of a caller that has not arrived yet.
    pub fn body_of(&self, caller: &str) -> HeldBody {
        HeldBody { bytes: Vec::new(), reserved: self.0.reservation(caller) }
    }

    /// Receives a body. Memory is reserved for the bytes that arrive, not for the announced length,
    /// so a client that only announces a long body does not block others.
    ///
    /// # Errors
    /// Returns `BodyError::Incomplete` if the connection is closed early, `BodyError::TooLong` if
    /// the body exceeds the limit, and `BodyError::NoShare` or `BodyError::NoMemory` if no memory is
    /// left; the client may retry then.
    pub async fn receive(
        &self,
        caller: &str,
        body: Body,
        limit: usize,
    ) -> Result<HeldBody, BodyError> {
        self.receive_scanned(caller, body, limit, |_| Ok(0)).await
    }

    /// Receives a JSON body and also reserves the memory that reading and checking it may take.
    ///
    /// # Errors
    /// Like `receive`, and `BodyError::TooComplex` as soon as the JSON exceeds a bound.
    pub async fn receive_json(
        &self,
        caller: &str,
        body: Body,
        limit: usize,
    ) -> Result<HeldBody, BodyError> {
        let mut scan = Scan::default();
        self.receive_scanned(caller, body, limit, move |data| {
            scan.feed(data).map_err(|(_, bound)| BodyError::TooComplex(bound))?;
            Ok(scan.parsed_bytes())
        })
        .await
    }

    /// Receives a body. `parsed` returns the memory that the pieces so far need besides themselves.
    async fn receive_scanned(
        &self,
        caller: &str,
        mut body: Body,
        limit: usize,
        mut parsed: impl FnMut(&[u8]) -> Result<usize, BodyError>,
    ) -> Result<HeldBody, BodyError> {
        let mut held = self.body_of(caller);
        while let Some(frame) = body.frame().await {
            // Trailers are ignored.
            let Ok(data) = frame.map_err(|_| BodyError::Incomplete)?.into_data() else { continue };
            let length = held.bytes.len() + data.len();
            if length > limit {
                return Err(BodyError::TooLong { limit });
            }
            let missing = (length + parsed(&data)?).saturating_sub(held.reserved.units());
            held.reserved.try_grow(missing)?;
            held.bytes.extend_from_slice(&data);
        }
        Ok(held)
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

    /// Appends to the body and waits for memory. Bodies that are read line by line release theirs
    /// soon.
    pub async fn extend(&mut self, data: &[u8]) {
        self.reserved.grow(data.len()).await;
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
