//! Puts a finished filing into the archive.

use crate::archive::Archive;
use crate::archive::audit::act::Actor;
use crate::archive::filings::store::{BatchLine, NewFiling, StoreError, Stored};
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
) -> Result<Stored, StoreError> {
    archive.store(new_filing(generated, &warnings(generated)), actor).await
}

/// Keeps a filing and ends the line of a batch that it was made for, both or neither.
///
/// # Errors
/// As `file`, and a line that has ended.
pub async fn file_line(
    generated: &Generated,
    archive: &Archive,
    actor: Actor<'_>,
    line: BatchLine<'_>,
) -> Result<Stored, StoreError> {
    archive.store_line(new_filing(generated, &warnings(generated)), actor, line).await
}

fn new_filing<'a>(generated: &'a Generated, warnings: &'a str) -> NewFiling<'a> {
    NewFiling {
        document: &generated.document,
        source: &generated.source,
        pdf: &generated.pdf,
        pdf_sha256: &generated.sha256,
        pages: generated.pages,
        warnings,
    }
}

/// The doubts as a JSON list.
fn warnings(generated: &Generated) -> String {
    // Strings and numbers alone always serialize.
    serde_json::to_string(&generated.warnings).unwrap_or_else(|_| "[]".to_owned())
}
