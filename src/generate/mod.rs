//! The way of the data as one sentence: what was posted is read, validated, set in type and hashed.

pub mod names;
pub mod permits;
pub mod store;
pub mod cache;

use std::num::NonZeroUsize;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::archive::access::caller::Caller;
use crate::document::OfficialDocument;
use crate::render::engine::export::Printed;
use crate::render::engine::picture::{Drawn, Width};
use crate::render::error::RenderError;
use crate::render::typesetter::Typesetter;
use crate::submission::read::{Posted, ReadError, SyntaxCause};
use crate::validate::findings::violation::{Findings, Violation};
use crate::validate::text::font_coverage::FontCoverage;
use crate::validate::{Accepted, validate};

/// The file printed from a filing, and what is known about it.
#[derive(Debug)]
pub struct Generated {
    /// 公文要素.
    pub document: OfficialDocument,
    /// The posted JSON in its canonical form (RFC 8785).
    pub source: Bytes,
    /// The PDF/A file.
    pub pdf: Bytes,
    /// The SHA-256 of the file, as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Number of page sides.
    pub pages: usize,
    /// Doubts that did not stop the filing.
    pub warnings: Vec<Violation>,
}

/// Why a body does not become a filing.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The body cannot be read as JSON.
    #[error("the body cannot be read as JSON")]
    Unreadable(#[source] Unreadable),
    /// The rules refuse what was posted.
    #[error("the rules refuse the filing")]
    Refused(Findings),
    /// The filing could not be set in type.
    #[error("the filing could not be set in type")]
    Render(#[from] RenderError),
}

/// Where and why a body cannot be read; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第{line}行第{column}列：{cause}")]
pub struct Unreadable {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1; 0 where the line is empty.
    pub column: usize,
    /// What is wrong there.
    pub cause: SyntaxCause,
}

/// What the rules say of a body that is JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "检查结果")]
pub struct Checked {
    /// Whether a filing would be generated.
    #[schemars(description = "是否符合规定，即能否生成公文")]
    pub valid: bool,
    /// Every violation and every doubt.
    #[serde(flatten)]
    pub findings: Findings,
}

/// Turns a posted body into a finished filing.
///
/// # Errors
/// A body that is not JSON or breaks a rule, or a filing that cannot be set in type.
pub fn generate(body: &[u8], typesetter: &Typesetter) -> Result<Generated, GenerateError> {
    let posted = Posted::read(body)?;
    let Accepted { filing, warnings } =
        validate(posted, typesetter.coverage()).map_err(GenerateError::Refused)?;
    let Printed { pdf, pages } = typesetter.typeset(&filing)?;
    let sha256 = hex(&Sha256::digest(&pdf));
    let (document, source) = filing.into_parts();
    // Without the room they grew in: these bytes may be kept.
    let (source, pdf) = (source.into_boxed_slice().into(), pdf.into_boxed_slice().into());
    Ok(Generated { document, source, pdf, sha256, pages, warnings })
}

/// Turns a posted body into the picture of one side, counted from 1; nothing is exported.
///
/// # Errors
/// As `generate`.
pub fn preview(
    body: &[u8],
    typesetter: &Typesetter,
    side: NonZeroUsize,
    width: Width,
) -> Result<Drawn, GenerateError> {
    let posted = Posted::read(body)?;
    let Accepted { filing, .. } =
        validate(posted, typesetter.coverage()).map_err(GenerateError::Refused)?;
    Ok(typesetter.draw(&filing, side, width)?)
}

/// Says what the rules make of a posted body; nothing is set in type.
///
/// # Errors
/// A body that is not JSON.
pub fn check(body: &[u8], coverage: &FontCoverage) -> Result<Checked, Unreadable> {
    let findings = match Posted::read(body) {
        Ok(posted) => match validate(posted, coverage) {
            Ok(accepted) => Findings { errors: Vec::new(), warnings: accepted.warnings },
            Err(findings) => findings,
        },
        Err(error) => refused(error)?,
    };
    Ok(Checked { valid: findings.errors.is_empty(), findings })
}

/// Whether a caller may file what a body says, before anything is set in type. A body that the rules
/// refuse is for `generate` to refuse.
pub fn may_file(caller: &Caller, body: &[u8], coverage: &FontCoverage) -> bool {
    if caller.agency.is_none() {
        return true;
    }
    let accepted = Posted::read(body).ok().and_then(|posted| validate(posted, coverage).ok());
    accepted.is_none_or(|accepted| caller.may_file_for(&accepted.filing.document().issuers))
}

/// The faults of a body's shape as the rules' first findings.
fn refused(error: ReadError) -> Result<Findings, Unreadable> {
    match error {
        ReadError::Syntax { line, column, cause } => Err(Unreadable { line, column, cause }),
        ReadError::Shape(faults) => Ok(Findings::from(faults)),
    }
}

impl From<ReadError> for GenerateError {
    fn from(error: ReadError) -> Self {
        refused(error).map_or_else(Self::Unreadable, Self::Refused)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
