//! Asks a witness to cosign the newest checkpoint (c2sp.org/tlog-witness).

use reqwest::Client;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::jobs::log::request::{OutsideError, post};
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::policy::Witness;
use crate::log::note::signed_note::parse_signatures;
use crate::log::witness::AddCheckpoint;

/// The status of a witness that last cosigned another size.
const CONFLICT: u16 = 409;

/// Asks a witness for a signature unless it has signed the newest checkpoint, and stores it.
pub(super) async fn cosign(
    archive: &Archive,
    client: &Client,
    witness: &Witness,
) -> Result<(), OutsideError> {
    let old = archive.cosigned_size(&witness.key).await?;
    cosign_after(archive, client, witness, old).await
}

/// Asks a witness that, as far as is known, last cosigned the size `old`.
async fn cosign_after(
    archive: &Archive,
    client: &Client,
    witness: &Witness,
    mut old: u64,
) -> Result<(), OutsideError> {
    let Some(url) = &witness.url else { return Ok(()) };
    let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
    // The witness says which size it cosigned if ours is not that: once.
    for _ in 0..2 {
        let Some(request) = archive.request_for_witness(old).await? else { return Ok(()) };
        let body = request.to_text().into_bytes();
        let (status, response) = post(client, &url, "text/plain; charset=utf-8", body).await?;
        let response = str::from_utf8(&response).map_err(|_| OutsideError::Invalid)?;
        match status {
            200 => return store(archive, witness, &request, response).await,
            CONFLICT => {
                old = response.trim_end().parse().map_err(|_| OutsideError::Invalid)?;
                let published = archive.log_head().await?.map_or(0, |head| head.published);
                if old > published {
                    return Err(OutsideError::LongerLog(old));
                }
            }
            status => return Err(OutsideError::Status(status)),
        }
    }
    Err(OutsideError::Status(CONFLICT))
}

/// The size that a witness cosigned last, if it is greater than that of this log. `None` also if there is no
/// checkpoint yet that it can be asked with.
pub(super) async fn longer_log(
    archive: &Archive,
    client: &Client,
    witness: &Witness,
) -> Result<Option<u64>, OutsideError> {
    // It answers a request that begins with nothing with the size that it cosigned.
    match cosign_after(archive, client, witness, 0).await {
        Ok(()) => Ok(None),
        Err(OutsideError::LongerLog(size)) => Ok(Some(size)),
        Err(error) => Err(error),
    }
}

/// Stores the signature in a response if it is one of the witness.
async fn store(
    archive: &Archive,
    witness: &Witness,
    request: &AddCheckpoint,
    response: &str,
) -> Result<(), OutsideError> {
    let signatures = parse_signatures(response).map_err(|_| OutsideError::Invalid)?;
    let text = &request.checkpoint.text;
    let signature = signatures.iter().find(|one| witness.key.verifies(text, one));
    let signature = signature.ok_or(OutsideError::Invalid)?;
    let checkpoint = Checkpoint::parse(text);
    let size = checkpoint.map_err(|_| ArchiveError::InvalidRecord("a checkpoint of the log"))?.size;
    Ok(archive.store_cosignature(size, &witness.key, signature).await?)
}
