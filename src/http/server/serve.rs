//! Runs the server on a listener until shutdown, and then drains it. Limits the number of
//! connections and disconnects slow clients.

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
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::http::app::App;
use crate::http::request::target::Received;
use crate::http::router::router;
use crate::http::server::connections::{Connections, Slot};

/// How long running requests may take after shutdown begins, so that no client can prevent the
/// server from stopping.
const DRAIN_DEADLINE: Duration = Duration::from_secs(60);

/// The maximum number of connections. A further one takes the place of one that waits for a request.
const MAX_CONNECTIONS: usize = 1024;

/// How long the head of a request may take to arrive, and how long a connection may be idle.
const HEAD_DEADLINE: Duration = Duration::from_secs(20);

/// The longest head, in bytes: ten times what browsers send.
const HEAD_LIMIT: usize = 64 << 10;

/// How long sent data may stay unacknowledged before the connection is closed.
const UNREAD_DEADLINE: Duration = Duration::from_secs(60);

/// How long, and for how many bytes, a client that is still sending is read after the response; as
/// many as the longest upload has.
const LINGER_DEADLINE: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 64 << 20;

/// How long to wait after a failed accept, for example when all file descriptors are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves until `shutdown` completes and all running requests are finished.
///
/// # Errors
/// Never fails: errors of single connections are logged.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = app.jobs.stopping.clone();
    serve_routes(listener, router(app), stopping, shutdown).await
}

/// Serves these routes until `shutdown` completes and all running requests are finished. `stopping` is
/// cancelled then.
///
/// # Errors
/// Never fails: errors of single connections are logged.
pub async fn serve_routes(
    listener: TcpListener,
    routes: Router,
    stopping: CancellationToken,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let connections = TaskTracker::new();
    let slots = Connections::new(MAX_CONNECTIONS);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        match accepted {
            Ok((stream, peer, slot)) => {
                let serving =
                    connection(stream, peer, slot.clone(), routes.clone(), stopping.clone());
                connections.spawn(async move {
                    tokio::select! {
                        () = serving => {}
                        () = slot.closed() => tracing::debug!("an idle connection made room"),
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    stopping.cancel();
    connections.close();
    if timeout(DRAIN_DEADLINE, connections.wait()).await.is_err() {
        tracing::warn!("stopped before all requests were finished");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    slots: &Connections,
) -> io::Result<(TcpStream, SocketAddr, Slot)> {
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, slots.admit().await))
}

/// Serves the requests of one connection.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    routes: Router,
    stopping: CancellationToken,
) {
    // Optional: the connection works without these options.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD_DEADLINE));
    let service = service_fn(move |request: Request<Incoming>| {
        let (routes, busy) = (routes.clone(), slot.begin());
        Box::pin(async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(Received);
            let response = routes.oneshot(request).await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(busy.until_sent(response))
        })
    });
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_header_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| serving.poll_without_shutdown(context)) => ended,
        () = stopping.cancelled() => {
            Pin::new(&mut serving).graceful_shutdown();
            poll_fn(|context| serving.poll_without_shutdown(context)).await
        }
    };
    match ended {
        Ok(()) => linger(serving.into_parts().io.into_inner()).await,
        Err(error) => tracing::debug!(%error, "a connection was closed early"),
    }
}

/// Lets the client read the response before the connection is closed. If the client is still
/// sending, for example a body that is too long, closing at once would reset the connection and
/// discard the response.
async fn linger(mut stream: TcpStream) {
    if stream.shutdown().await.is_ok() {
        let mut rest = stream.take(LINGER_BYTES);
        // The connection is closed either way.
        let _ = timeout(LINGER_DEADLINE, tokio::io::copy(&mut rest, &mut sink())).await;
    }
}
