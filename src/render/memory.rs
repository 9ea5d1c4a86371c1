//! Limits the memory of all layouts together: few heavy filings are laid out at the same time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The memory of all layouts, in bytes: the heaviest filing and many usual ones.
const LAYOUT_MEMORY: usize = 512 << 20;

/// The memory of a layout for each unit of the filing's weight, in bytes. `just slowest` measures it.
const BYTES_PER_WEIGHT: usize = 1_200;

/// The memory left for layouts; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct LayoutMemory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    free: Mutex<usize>,
    released: Condvar,
}

/// The memory of one layout, released on drop.
#[derive(Debug)]
pub(crate) struct LayoutPermit {
    memory: LayoutMemory,
    bytes: usize,
}

impl LayoutMemory {
    pub(crate) fn new() -> Self {
        let inner = Inner { free: Mutex::new(LAYOUT_MEMORY), released: Condvar::new() };
        Self(Arc::new(inner))
    }

    /// Reserves the memory for a filing of this weight. Blocks until enough is free.
    pub(crate) fn reserve(&self, weight: usize) -> LayoutPermit {
        let bytes = (weight * BYTES_PER_WEIGHT).min(LAYOUT_MEMORY);
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .0
            .released
            .wait_while(free, |free| *free < bytes)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        LayoutPermit { memory: self.clone(), bytes }
    }
}

impl Drop for LayoutPermit {
    fn drop(&mut self) {
        *self.memory.0.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.memory.0.released.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::{BYTES_PER_WEIGHT, LAYOUT_MEMORY, LayoutMemory};

    #[test]
    fn a_heavy_filing_waits_for_another_and_a_light_one_does_not() {
        let memory = LayoutMemory::new();
        let heavy = LAYOUT_MEMORY / BYTES_PER_WEIGHT * 2 / 3;
        let first = memory.reserve(heavy);
        drop(memory.reserve(1_000));
        let (sender, receiver) = mpsc::channel();
        let waiting = {
            let memory = memory.clone();
            thread::spawn(move || {
                drop(memory.reserve(heavy));
                sender.send("reserved").unwrap();
            })
        };
        assert_eq!(receiver.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(first);
        assert_eq!(receiver.recv(), Ok("reserved"));
        waiting.join().unwrap();
        // Heavier than all memory: alone, instead of never.
        drop(memory.reserve(usize::MAX / BYTES_PER_WEIGHT));
    }
}
