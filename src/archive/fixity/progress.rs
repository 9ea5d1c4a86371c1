//! How far a round is, and how fast it may read.

use std::time::Duration;

use tokio::time::sleep;

use crate::document::moment::Moment;

/// The number of parts of the store.
pub const PARTS: u16 = 256;

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started_at: Moment,
    /// The next part; `PARTS` when all are checked.
    pub next_part: u16,
    /// The objects that were read.
    pub objects: u64,
    /// The bytes that were read.
    pub bytes: u64,
}

/// How fast objects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The most bytes in a second; `None` is as fast as possible.
    pub bytes_per_second: Option<u64>,
}

impl Pace {
    /// Pauses after these bytes. Reading takes time as well, so the rate is never exceeded.
    pub(crate) async fn pause(self, bytes: usize) {
        if let Some(rate) = self.bytes_per_second {
            let microseconds = (bytes as u64).saturating_mul(1_000_000) / rate.max(1);
            sleep(Duration::from_micros(microseconds)).await;
        }
    }
}
