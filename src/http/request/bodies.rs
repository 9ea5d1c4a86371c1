//! Bounds the memory of all bodies together, from their first byte until their work is done.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::generate::permits::RunError;
use crate::http::problem::Problem;

/// Room for a full queue of filings several times as long as the longest seen, and for a few of
/// the longest bodies there may be.
pub const ROOM: usize = 64 << 20;

/// What one permit stands for, in bytes.
const GRAIN: usize = 1 << 10;

/// The room that is left; clones share it.
#[derive(Debug, Clone)]
pub struct Bodies(Arc<Semaphore>);

/// A body in its room, which it gives back when it is dropped.
#[derive(Debug, Default)]
pub struct HeldBody {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / GRAIN)))
    }

    /// Takes in a body. Room is taken as it arrives and not as it is announced: who only says that
    /// much will come keeps nobody out.
    ///
    /// # Errors
    /// A body that breaks off or is longer than the limit, or no room.
    pub async fn take_in(&self, mut body: Body, limit: usize) -> Result<HeldBody, Problem> {
        let mut held = HeldBody { bytes: Vec::new(), room: None };
        while let Some(frame) = body.frame().await {
            // Trailers are no part of what is posted.
            let Ok(data) = frame.map_err(|_| Problem::BodyBroken)?.into_data() else { continue };
            let length = held.bytes.len() + data.len();
            if length > limit {
                return Err(Problem::BodyTooLong { limit });
            }
            self.widen(&mut held.room, length)?;
            held.bytes.extend_from_slice(&data);
        }
        Ok(held)
    }

    /// Takes in more of a body, and waits for its room: what is read line by line gives back soon
    /// what it holds.
    ///
    /// # Errors
    /// None today; a room that is closed.
    pub async fn extend(&self, held: &mut HeldBody, data: &[u8]) -> Result<(), Problem> {
        let has = held.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = (held.bytes.len() + data.len()).div_ceil(GRAIN).saturating_sub(has);
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        let more = Arc::clone(&self.0)
            .acquire_many_owned(wanted)
            .await
            .map_err(|_| Problem::Busy(RunError::QueueFull))?;
        match &mut held.room {
            Some(room) => room.merge(more),
            None => held.room = Some(more),
        }
        held.bytes.extend_from_slice(data);
        Ok(())
    }

    fn widen(&self, room: &mut Option<OwnedSemaphorePermit>, bytes: usize) -> Result<(), Problem> {
        let has = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = u32::try_from(bytes.div_ceil(GRAIN) - has).unwrap_or(u32::MAX);
        let more = Arc::clone(&self.0)
            .try_acquire_many_owned(wanted)
            .map_err(|_| Problem::Busy(RunError::QueueFull))?;
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }
}

impl HeldBody {
    /// The bytes to share; the room is held until the last share is dropped.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
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
