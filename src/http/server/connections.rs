//! Limits the number of connections. When all are taken, the one that has waited longest for a
//! request is closed for a new one, so that idle and slow clients cannot keep others out.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// The connections of a server.
#[derive(Debug)]
pub(crate) struct Connections {
    permits: Arc<Semaphore>,
    waiting: Arc<Mutex<Waiting>>,
}

/// The connections that wait for the head of a request, in the order in which they began to.
#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    tokens: BTreeMap<u64, CancellationToken>,
}

/// One connection. It waits for a request unless a `Busy` of it exists.
#[derive(Debug, Clone)]
pub(crate) struct Slot(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Cancelled to close the connection.
    closing: CancellationToken,
    waiting: Arc<Mutex<Waiting>>,
    /// Its place in `waiting`.
    place: Mutex<Option<u64>>,
    _permit: OwnedSemaphorePermit,
}

/// A request of a connection and its response, until the response is sent.
#[derive(Debug)]
pub(crate) struct Busy(Slot);

/// The body of a response, and the connection that it keeps busy.
struct BusyBody {
    body: Body,
    _busy: Busy,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(most)), waiting: Arc::default() }
    }

    /// Admits a new connection, which waits for its first request. Waits while all others are busy.
    pub(crate) async fn admit(&self) -> Slot {
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                self.close_longest_waiting();
                let permit = Arc::clone(&self.permits).acquire_owned().await;
                permit.expect("the semaphore is never closed")
            }
        };
        let slot = Slot(Arc::new(Inner {
            closing: CancellationToken::new(),
            waiting: Arc::clone(&self.waiting),
            place: Mutex::new(None),
            _permit: permit,
        }));
        slot.wait();
        slot
    }

    fn close_longest_waiting(&self) {
        if let Some((_, token)) = lock(&self.waiting).tokens.pop_first() {
            token.cancel();
        }
    }
}

impl Slot {
    /// Completes when the connection must be closed for another one.
    pub(crate) async fn closed(&self) {
        self.0.closing.cancelled().await;
    }

    /// Marks the connection as busy until this is dropped.
    pub(crate) fn begin(&self) -> Busy {
        self.0.stop_waiting();
        Busy(self.clone())
    }

    fn wait(&self) {
        let mut waiting = lock(&self.0.waiting);
        waiting.last += 1;
        let place = waiting.last;
        waiting.tokens.insert(place, self.0.closing.clone());
        *lock(&self.0.place) = Some(place);
    }
}

impl Inner {
    fn stop_waiting(&self) {
        if let Some(place) = lock(&self.place).take() {
            lock(&self.waiting).tokens.remove(&place);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl Busy {
    /// Keeps the connection busy until the body of the response is sent.
    pub(crate) fn until_sent(self, response: Response) -> Response {
        response.map(|body| Body::new(BusyBody { body, _busy: self }))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.wait();
    }
}

impl HttpBody for BusyBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Connections;

    #[tokio::test]
    async fn a_new_connection_replaces_the_one_that_waits_longest() {
        let connections = Connections::new(3);
        let first = connections.admit().await;
        let second = connections.admit().await;
        let third = connections.admit().await;
        let busy = first.begin();
        let closed = tokio::spawn({
            let second = second.clone();
            async move { second.closed().await }
        });
        drop(second);
        let fourth = connections.admit().await;
        closed.await.unwrap();
        // The first one waits again, but less long than the third.
        drop(busy);
        let closed = tokio::spawn(async move { third.closed().await });
        let fifth = connections.admit().await;
        closed.await.unwrap();
        drop((first, fourth, fifth));
        assert!(connections.waiting.lock().unwrap().tokens.is_empty());
    }
}
