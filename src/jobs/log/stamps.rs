//! Has an authority stamp the time of the newest checkpoint once a month (RFC 3161). One stamp covers
//! every filing that has a receipt.

use reqwest::Client;

use crate::archive::Archive;
use crate::document::moment::Moment;
use crate::jobs::log::request::{OutsideError, post};
use crate::log::note::checkpoint::Checkpoint;
use crate::signature::cms::timestamp_request::TimestampRequest;

/// The time between two stamps of an authority, in milliseconds.
const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Has the newest checkpoint stamped, unless this authority stamped one in the last month.
///
/// # Errors
/// Returns an `OutsideError` if the authority does not stamp it, or the archive fails.
pub async fn stamp(
    archive: &Archive,
    client: &Client,
    authority: &str,
) -> Result<(), OutsideError> {
    let due = Moment(archive.now().0 - MONTH_MS);
    if archive.last_stamp(authority).await? > due {
        return Ok(());
    }
    let Some(checkpoint) = archive.newest_checkpoint().await? else { return Ok(()) };
    let size = Checkpoint::parse(&checkpoint.text).map_err(|_| OutsideError::Invalid)?.size;
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).expect("a running system has random bytes");
    let request = TimestampRequest::new(checkpoint.text.as_bytes(), nonce);
    let media_type = "application/timestamp-query";
    let (status, response) = post(client, authority, media_type, request.to_der()).await?;
    if status != 200 {
        return Err(OutsideError::Status(status));
    }
    let at = request.read_response(&response).map_err(|_| OutsideError::Invalid)?;
    archive.store_stamp(size, authority, response.into()).await?;
    tracing::info!(authority, size, %at, "the time of a checkpoint was stamped");
    Ok(())
}
