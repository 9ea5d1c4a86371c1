//! Reserves memory or slots before they are used, so that no caller takes them from all others.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::archive::access::caller::LOCAL;

/// What all callers share, in units such as bytes or slots; clones share it.
///
/// A caller may hold at most as much as stays free for the others: one caller gets half of the room,
/// each of two callers a third.
#[derive(Debug, Clone)]
pub struct Room(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    usage: Mutex<Usage>,
    released: Notify,
}

#[derive(Debug)]
struct Usage {
    free: usize,
    // Callers that hold nothing are removed.
    held: BTreeMap<String, usize>,
}

/// What one holder has reserved, for a caller. Released on drop.
#[derive(Debug)]
pub struct Reservation {
    room: Room,
    caller: String,
    units: usize,
}

/// Why nothing was reserved. The caller may retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// The caller's share is used up.
    #[error("the share of the caller is used up")]
    Share,
    /// Others have taken the rest.
    #[error("no room is left")]
    Full,
}

impl Room {
    /// A room of this many units.
    pub fn new(units: usize) -> Self {
        let usage = Mutex::new(Usage { free: units, held: BTreeMap::new() });
        Self(Arc::new(Inner { usage, released: Notify::new() }))
    }

    /// A reservation of nothing, which can grow. Without keys every request has the same caller, the
    /// holder of the local token, who may take all of the room, as may the server itself, whose id is
    /// empty.
    pub fn reservation(&self, caller: &str) -> Reservation {
        Reservation { room: self.clone(), caller: caller.to_owned(), units: 0 }
    }

    /// How many units are free.
    pub fn free(&self) -> usize {
        self.usage().free
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.0.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// The number of reserved units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Whether others must be left something.
    fn has_share(&self) -> bool {
        !self.caller.is_empty() && self.caller != LOCAL
    }

    /// Reserves more units at once.
    ///
    /// # Errors
    /// Returns `NoRoom` if the caller's share is used up or too little is left. Nothing changes then.
    pub fn try_grow(&mut self, units: usize) -> Result<(), NoRoom> {
        let mut usage = self.room.usage();
        let held = usage.held.get(&self.caller).copied().unwrap_or_default() + units;
        let free = usage.free.checked_sub(units).ok_or(NoRoom::Full)?;
        // One slot is less than any share.
        if self.has_share() && held > free.max(1) {
            // A caller that holds nothing yet is not the one that takes too much.
            return Err(if held == units { NoRoom::Full } else { NoRoom::Share });
        }
        usage.free = free;
        if held > 0 {
            usage.held.insert(self.caller.clone(), held);
        }
        self.units += units;
        Ok(())
    }

    /// Reserves more units and waits until there are enough.
    pub async fn grow(&mut self, units: usize) {
        let room = self.room.clone();
        loop {
            let mut released = pin!(room.0.released.notified());
            // Registered before the check, so that a release after it is not missed.
            released.as_mut().enable();
            if self.try_grow(units).is_ok() {
                return;
            }
            released.await;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.units == 0 {
            return;
        }
        let mut usage = self.room.usage();
        usage.free += self.units;
        if let Some(held) = usage.held.get_mut(&self.caller) {
            *held -= self.units;
            if *held == 0 {
                usage.held.remove(&self.caller);
            }
        }
        drop(usage);
        self.room.0.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::{LOCAL, NoRoom, Room};

    #[test]
    fn one_caller_leaves_as_much_as_it_takes() {
        let room = Room::new(100);
        let mut greedy = room.reservation("greedy");
        greedy.try_grow(50).unwrap();
        assert_eq!(greedy.try_grow(1), Err(NoRoom::Share));
        let mut other = room.reservation("other");
        other.try_grow(25).unwrap();
        assert_eq!(other.try_grow(1), Err(NoRoom::Share));
        let mut third = room.reservation("third");
        assert_eq!(third.try_grow(13), Err(NoRoom::Full));
        third.try_grow(12).unwrap();
        drop((greedy, other, third));
        assert_eq!(room.free(), 100);
        assert!(room.usage().held.is_empty());
    }

    #[test]
    fn without_keys_the_caller_may_take_everything() {
        let room = Room::new(10);
        let mut anyone = room.reservation(LOCAL);
        anyone.try_grow(10).unwrap();
        assert_eq!(anyone.try_grow(1), Err(NoRoom::Full));
    }

    #[tokio::test]
    async fn a_waiter_continues_when_enough_is_released() {
        let room = Room::new(10);
        let mut first = room.reservation("a");
        first.try_grow(5).unwrap();
        let mut second = room.reservation("a");
        let waiting = tokio::spawn(async move {
            second.grow(3).await;
            second.units()
        });
        tokio::task::yield_now().await;
        drop(first);
        assert_eq!(waiting.await.unwrap(), 3);
        assert_eq!(room.free(), 10);
    }
}
