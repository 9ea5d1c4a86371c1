//! Runs the server on a listener until it is told to stop, and finishes what runs. A client that is
//! slow to ask or to read is let go, and there are never more connections than so many.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::http::app::App;
use crate::http::router::router;

/// How long requests under way may take once the server is told to stop; a client that holds its
/// connection open must not keep the server from stopping.
const DRAIN_DEADLINE: Duration = Duration::from_secs(60);

/// Connections at once. Further ones wait in the system's own queue.
const CONNECTIONS: usize = 1024;

/// How long the head of a request may take to arrive, and how long a connection may stay idle.
const HEAD_DEADLINE: Duration = Duration::from_secs(20);

/// The longest head; browsers send a tenth of it.
const HEAD_LIMIT: usize = 64 << 10;

/// How long an answer may lie unread by its client.
const UNREAD_DEADLINE: Duration = Duration::from_secs(60);

/// How long, and for how many bytes more, a client that is still sending is listened to after its
/// answer.
const LINGER_DEADLINE: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 8 << 20;

/// How long to wait where no connection can be taken, as when all file descriptors are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves until `shutdown` completes and then until every request under way is answered.
///
/// # Errors
/// None as yet: a connection that fails is its client's matter.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = app.jobs.stopping.clone();
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let routes = router(app);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let serving = connection(stream, peer, routes.clone(), stopping.clone());
                connections.spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    stopping.cancel();
    connections.close();
    if timeout(DRAIN_DEADLINE, connections.wait()).await.is_err() {
        tracing::warn!("stopped with requests unanswered");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// Answers the requests of one connection, one after the other.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    stopping: CancellationToken,
) {
    // Both only make it better: a connection is served without them too.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD_DEADLINE));
    let answer = service_fn(move |request: Request<Incoming>| {
        let routes = routes.clone();
        Box::pin(async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            Ok::<_, Infallible>(
                routes.oneshot(request).await.unwrap_or_else(|never| match never {}),
            )
        })
    });
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_header_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), answer);
    let ended = tokio::select! {
        ended = poll_fn(|context| serving.poll_without_shutdown(context)) => ended,
        () = stopping.cancelled() => {
            Pin::new(&mut serving).graceful_shutdown();
            poll_fn(|context| serving.poll_without_shutdown(context)).await
        }
    };
    match ended {
        Ok(()) => linger(serving.into_parts().io.into_inner()).await,
        Err(error) => tracing::debug!(%error, "a connection broke off"),
    }
}

/// Lets a client read its answer before the connection goes. Where it is still sending, as a body
/// that is refused for its length, closing at once would throw the answer away unread.
async fn linger(mut stream: TcpStream) {
    if stream.shutdown().await.is_ok() {
        let mut rest = stream.take(LINGER_BYTES);
        // Whether it ended or was let go, nothing is left to do.
        let _ = timeout(LINGER_DEADLINE, tokio::io::copy(&mut rest, &mut sink())).await;
    }
}
