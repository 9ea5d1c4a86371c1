//! Stores a printed filing in the archive.

use crate::archive::Archive;
use crate::archive::audit::act::Actor;
use crate::archive::filings::store::{BatchLine, NewFiling, StoreError, Stored};
use crate::generate::Generated;

/// Stores a filing, or finds it stored. The caller must have authorized the actor to file for the
/// issuers.
///
/// # Errors
/// Fails if a signed copy of other content is archived under the 发文字号, or if the archive fails;
/// nothing is recorded then.
pub async fn store(
    generated: &Generated,
    archive: &Archive,
    actor: Actor<'_>,
) -> Result<Stored, StoreError> {
    archive.store(new_filing(generated, &warnings(generated)), actor).await
}

/// Stores a filing and ends its batch line, in one transaction.
///
/// # Errors
/// As `store`; also fails if the line has ended already.
pub async fn store_line(
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

/// The warnings as a JSON list.
fn warnings(generated: &Generated) -> String {
    // Strings and numbers always serialize.
    serde_json::to_string(&generated.warnings).unwrap_or_else(|_| "[]".to_owned())
}
