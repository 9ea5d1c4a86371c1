//! Gives permits to callers in turn, so that one caller's queue does not delay the others.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::{self, Receiver, Sender};

/// The permits of one kind of task; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Turns(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    /// The callers who wait, in the order of their next turns. No queue is empty.
    waiting: VecDeque<(String, VecDeque<Sender<Turn>>)>,
}

/// A permit, which the next caller gets when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn(Option<Turns>);

impl Turns {
    pub(crate) fn new(permits: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: permits, waiting: VecDeque::new() })))
    }

    /// The number of free permits.
    pub(crate) fn free(&self) -> usize {
        self.state().free
    }

    /// Takes a free permit, if there is one. Nobody waits then.
    pub(crate) fn try_take(&self) -> Option<Turn> {
        let mut state = self.state();
        state.free = state.free.checked_sub(1)?;
        Some(Turn(Some(self.clone())))
    }

    /// Joins the queue of a caller.
    pub(crate) fn wait(&self, caller: &str) -> Receiver<Turn> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        match state.waiting.iter_mut().find(|(waiting, _)| waiting == caller) {
            Some((_, queue)) => queue.push_back(sender),
            None => state.waiting.push_back((caller.to_owned(), [sender].into())),
        }
        drop(state);
        // A permit may have been released since the caller looked for one.
        drop(self.try_take());
        receiver
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next one to get a permit. If nobody waits, the permit is free.
    fn next_or_free(&self) -> Option<Sender<Turn>> {
        let mut state = self.state();
        let Some((caller, mut queue)) = state.waiting.pop_front() else {
            state.free += 1;
            return None;
        };
        let next = queue.pop_front();
        if !queue.is_empty() {
            state.waiting.push_back((caller, queue));
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        while let Some(next) = turns.next_or_free() {
            match next.send(Self(Some(turns.clone()))) {
                Ok(()) => return,
                // It waits no longer. Its permit goes to the one after it.
                Err(mut unused) => unused.0 = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn callers_take_turns() {
        let turns = Turns::new(1);
        let running = turns.try_take().unwrap();
        assert!(turns.try_take().is_none());
        let mut greedy: Vec<_> = (0..3).map(|_| turns.wait("greedy")).collect();
        let mut other = turns.wait("other");
        drop(running);
        let first = greedy[0].try_recv().unwrap();
        assert!(other.try_recv().is_err());
        drop(first);
        let second = other.try_recv().unwrap();
        assert!(greedy[1].try_recv().is_err());
        // Nobody waits for this one any longer.
        drop(greedy.remove(1));
        drop(second);
        let third = greedy[1].try_recv().unwrap();
        assert_eq!(turns.free(), 0);
        drop(third);
        assert_eq!(turns.free(), 1);
        drop(turns.try_take().unwrap());
        // A permit that is sent but never received is not lost.
        let running = turns.try_take().unwrap();
        let waiting = turns.wait("greedy");
        drop(running);
        drop(waiting);
        assert_eq!(turns.free(), 1);
    }
}
