//! The interface of a witness (c2sp.org/tlog-witness): `POST /add-checkpoint`, and for monitors
//! `GET /{sha256 of the origin}/checkpoint`. It runs on a listener of its own.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::archive::clock::{Clock, SystemClock};
use crate::archive::witness::{Witness, WitnessError};
use crate::document::moment::Moment;
use crate::http::server::serve::serve_routes;
use crate::log::note::signed_note::NoteSignature;
use crate::log::witness::{AddCheckpoint, Refusal};

/// The longest request, in bytes.
const BODY_BYTES: usize = 256 << 10;

/// The media type of the size in the answer to a request with another old size.
const SIZE: &str = "text/x.tlog.size";

/// Serves a witness until `shutdown` completes.
///
/// # Errors
/// Like `serve_routes`.
pub async fn serve_witness(
    listener: TcpListener,
    witness: Witness,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_routes(listener, routes(witness), CancellationToken::new(), shutdown).await
}

/// The routes of a witness.
pub fn routes(witness: Witness) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(last))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(Arc::new(witness))
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: String) -> Response {
    let now = SystemClock.now();
    let work = move || cosign(&witness, &body, now);
    match spawn_blocking(work).await {
        Ok(Ok(signature)) => signature.to_line().into_response(),
        Ok(Err(WitnessError::Refused(refusal))) => refused(refusal),
        Ok(Err(WitnessError::Io(error))) => {
            tracing::error!(%error, "a checkpoint could not be stored");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        // The panic hook has logged it.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn cosign(witness: &Witness, body: &str, now: Moment) -> Result<NoteSignature, WitnessError> {
    witness.cosign(&AddCheckpoint::parse(body)?, now)
}

fn refused(refusal: Refusal) -> Response {
    let status = match refusal {
        Refusal::Malformed => StatusCode::BAD_REQUEST,
        Refusal::Unsigned => StatusCode::FORBIDDEN,
        Refusal::UnknownLog => StatusCode::NOT_FOUND,
        Refusal::Inconsistent => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::OtherSize(size) => {
            let content_type = [(header::CONTENT_TYPE, SIZE)];
            return (StatusCode::CONFLICT, content_type, format!("{size}\n")).into_response();
        }
    };
    tracing::warn!(%refusal, "a checkpoint was refused");
    (status, format!("{refusal}\n")).into_response()
}

async fn last(State(witness): State<Arc<Witness>>, Path(origin): Path<String>) -> Response {
    match spawn_blocking(move || witness.last(&origin)).await {
        Ok(Ok(Some(note))) => note.into_response(),
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
