//! Stores a generated filing in the archive.

use crate::archive::Archive;
use crate::archive::audit::act::Actor;
use crate::archive::drafts::file::FromDraft;
use crate::archive::filings::store::{BatchLine, NewFiling, StoreError, Stored};
use crate::generate::Generated;

/// Stores a filing unless it is already stored. The caller must have checked that the actor, of this
/// agency if any, may file for its issuers.
///
/// # Errors
/// Returns `StoreError::NumberSigned` if a signed copy of other content is archived under the
/// 发文字号, `StoreError::NumberReserved` if it is reserved for a draft, and `StoreError::Archive` if the
/// archive is unavailable. No record is written then.
pub async fn store(
    generated: &Generated,
    archive: &Archive,
    agency: Option<&str>,
    actor: Actor<'_>,
) -> Result<Stored, StoreError> {
    archive.store(new_filing(generated, agency, &warnings(generated)), actor).await
}

/// Stores a filing made from a draft, and records it in the draft, in one transaction.
///
/// # Errors
/// Like `store`; also returns `StoreError::Draft` if the draft cannot become this filing.
pub async fn store_draft(
    generated: &Generated,
    archive: &Archive,
    actor: Actor<'_>,
    draft: FromDraft<'_>,
) -> Result<Stored, StoreError> {
    let agency = draft.author.caller.agency.as_deref();
    archive.store_draft(new_filing(generated, agency, &warnings(generated)), actor, draft).await
}

/// Stores a filing and ends its batch line, in one transaction.
///
/// # Errors
/// Like `store`; also returns `StoreError::LineEnded` if the line has already ended.
pub async fn store_line(
    generated: &Generated,
    archive: &Archive,
    agency: Option<&str>,
    actor: Actor<'_>,
    line: BatchLine<'_>,
) -> Result<Stored, StoreError> {
    archive.store_line(new_filing(generated, agency, &warnings(generated)), actor, line).await
}

fn new_filing<'a>(
    generated: &'a Generated,
    agency: Option<&'a str>,
    warnings: &'a str,
) -> NewFiling<'a> {
    NewFiling {
        agency,
        document: &generated.document,
        source: &generated.source,
        source_sha256: &generated.source_sha256,
        pdf: &generated.pdf,
        pdf_sha256: &generated.pdf_sha256,
        pdf_crc32: generated.pdf_crc32,
        pages: generated.pages,
        warnings,
    }
}

/// The warnings as a JSON list.
fn warnings(generated: &Generated) -> String {
    // Strings and numbers always serialize.
    serde_json::to_string(&generated.warnings).unwrap_or_else(|_| "[]".to_owned())
}
