//! Runs the server on a listener until it is told to stop, and finishes what runs.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::http::{App, router};

/// How long requests under way may take once the server is told to stop; a client that holds its
/// connection open must not keep the server from stopping.
const DRAIN_DEADLINE: Duration = Duration::from_secs(60);

/// Serves until `shutdown` completes and then until every request under way is answered.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (tell_stopping, stopping) = oneshot::channel();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        // The receiver is gone only when the server has ended by itself.
        let _ = tell_stopping.send(());
    });
    let drain_deadline = async {
        match stopping.await {
            Ok(()) => sleep(DRAIN_DEADLINE).await,
            // The server ended by itself, which its own arm below reports.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = server => ended,
        () = drain_deadline => {
            tracing::warn!("stopped with requests unanswered");
            Ok(())
        }
    }
}
