//! Puts a finished filing into the archive.

use crate::archive::Archive;
use crate::archive::audit::Actor;
use crate::archive::filings::{KeepError, Kept, NewFiling};
use crate::generate::Generated;

/// Keeps a filing, or finds that it is kept. Whether the caller may file for its issuers is for
/// the one who calls to ask first.
///
/// # Errors
/// A 发文字号 whose signed copy is archived, or an archive that fails; nothing is recorded then.
pub async fn file(
    generated: &Generated,
    archive: &Archive,
    actor: Actor<'_>,
) -> Result<Kept, KeepError> {
    // Strings and numbers alone always serialize.
    let warnings = serde_json::to_string(&generated.warnings).unwrap_or_else(|_| "[]".to_owned());
    let filing = NewFiling {
        document: &generated.document,
        source: &generated.source,
        pdf: &generated.pdf,
        pdf_sha256: &generated.sha256,
        pages: generated.pages,
        warnings: &warnings,
    };
    archive.keep(filing, actor).await
}
