//! Receives a font file, and makes a filing with it before it is accepted.

use std::time::Duration;

use axum::extract::Request;
use axum::http::HeaderMap;
use bytes::Bytes;
use tokio::time::timeout;

use crate::archive::access::caller::Caller;
use crate::generate::trial::can_make_filing;
use crate::http::access::caller::caller_id;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::problem::font::FontProblem;
use crate::http::request::bodies::{BodyError, HeldBody};
use crate::http::request::extract::{announced_length, is_encoded, media_type};
use crate::render::fonts::uploaded::UploadedFont;

/// The longest file, in bytes: nearly twice the longest Chinese font of an office.
const FILE_LIMIT: usize = 32 << 20;

/// How long a file may take to arrive.
const DEADLINE: Duration = Duration::from_secs(120);

/// The media types of fonts. The content decides what a file is.
const MEDIA_TYPES: [&str; 6] = [
    "application/octet-stream",
    "font/ttf",
    "font/otf",
    "font/collection",
    "font/sfnt",
    "application/font-sfnt",
];

/// Receives a file.
pub(super) async fn receive(app: &App, request: Request) -> Result<HeldBody, Problem> {
    let headers = request.headers();
    if !is_font(headers) {
        return Err(FontProblem::MediaType.into());
    }
    if announced_length(headers).is_some_and(|length| length > FILE_LIMIT) {
        return Err(BodyError::TooLong { limit: FILE_LIMIT }.into());
    }
    let caller = caller_id(request.extensions()).to_owned();
    let body = app.pdf_uploads.receive(&caller, request.into_body(), FILE_LIMIT);
    Ok(timeout(DEADLINE, body).await.unwrap_or(Err(BodyError::Deadline))?)
}

/// Checks that a file is a font that can be used, and that a filing can be made with it.
pub(super) async fn check_usable(
    app: &App,
    caller: &Caller,
    bytes: Bytes,
) -> Result<UploadedFont, Problem> {
    let of_server = app.generator.typesetters().of_server().clone();
    let work = move || {
        let font = UploadedFont::read(bytes).map_err(FontProblem::Unusable)?;
        match can_make_filing(&of_server, &font) {
            true => Ok(font),
            false => Err(FontProblem::NoFiling),
        }
    };
    Ok(app.previews.run(&caller.id, work).await??)
}

fn is_font(headers: &HeaderMap) -> bool {
    let is_known = |media_type: String| MEDIA_TYPES.contains(&media_type.as_str());
    media_type(headers).is_some_and(is_known) && !is_encoded(headers)
}
