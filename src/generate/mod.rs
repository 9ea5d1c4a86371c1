//! Generates a filing from a posted body: reads, validates, typesets and hashes.

pub mod file_names;
pub mod manifest;
pub mod permits;
pub mod room;
mod turns;
pub mod store;
pub mod renderer;
pub mod remake;
pub mod typesetters;
pub mod trial;
pub mod cache;
pub mod places;

use std::num::NonZeroUsize;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::objects::sha256;
use crate::document::OfficialDocument;
use crate::generate::places::{PrintedPlace, places};
use crate::render::engine::export::Printed;
use crate::render::engine::page_pictures::{PagePicture, Wanted};
use crate::render::engine::picture::{Drawn, Width};
use crate::render::error::RenderError;
use crate::render::typesetter::Typesetter;
use crate::submission::read::{Posted, ReadError, SyntaxCause};
use crate::validate::findings::violation::{Findings, Violation};
use crate::validate::text::font_coverage::FontCoverage;
use crate::validate::{Accepted, findings_of, validate};

/// The longest body, in bytes: over a hundred times the longest known filing.
pub const BODY_LIMIT: usize = 8 << 20;

/// A generated filing.
#[derive(Debug)]
pub struct Generated {
    /// 公文要素.
    pub document: OfficialDocument,
    /// The posted JSON in its canonical form (RFC 8785).
    pub source: Bytes,
    /// The SHA-256 of the source, as 64 lower-case hexadecimal digits.
    pub source_sha256: String,
    /// The PDF/A file.
    pub pdf: Bytes,
    /// The SHA-256 of the PDF, as 64 lower-case hexadecimal digits.
    pub pdf_sha256: String,
    /// The CRC-32 of the PDF, for ZIPs.
    pub pdf_crc32: u32,
    /// The number of pages.
    pub pages: usize,
    /// Warnings, which do not prevent the filing.
    pub warnings: Vec<Violation>,
}

/// Why a body cannot become a filing.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The body cannot be read as JSON.
    #[error("the body cannot be read as JSON")]
    Unreadable(#[source] UnreadableJson),
    /// The body breaks a rule.
    #[error("the rules refuse the filing")]
    Refused(Findings),
    /// The filing could not be typeset.
    #[error("the filing could not be typeset")]
    Render(#[from] RenderError),
}

/// Where and why a body is not JSON; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第{line}行第{column}列：{cause}")]
pub struct UnreadableJson {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1; 0 if the line is empty.
    pub column: usize,
    /// What is wrong there.
    pub cause: SyntaxCause,
}

/// The result of checking a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "检查结果")]
pub struct Checked {
    /// Whether the body can become a filing.
    #[schemars(description = "是否符合规定，即能否生成公文")]
    pub valid: bool,
    /// All violations and warnings.
    #[serde(flatten)]
    pub findings: Findings,
}

/// Reads and validates a posted body.
///
/// # Errors
/// Returns `GenerateError::Unreadable` if the body is not JSON, and `GenerateError::Refused` with all
/// violations if it breaks a rule.
pub fn accept(body: &[u8], coverage: &FontCoverage) -> Result<Accepted, GenerateError> {
    let posted = Posted::read(body)?;
    validate(posted, coverage).map_err(GenerateError::Refused)
}

/// Typesets an accepted filing.
///
/// # Errors
/// Returns `RenderError` if the filing cannot be typeset, which is a bug.
pub fn render(accepted: Accepted, typesetter: &Typesetter) -> Result<Generated, RenderError> {
    let Accepted { filing, warnings } = accepted;
    let Printed { pdf, pages } = typesetter.typeset(&filing)?;
    let (document, source) = filing.into_parts();
    let (source_sha256, pdf_sha256) = (sha256(&source), sha256(&pdf));
    let pdf_crc32 = crc32fast::hash(&pdf);
    // Without spare capacity, since these bytes may be cached.
    let (source, pdf) = (source.into_boxed_slice().into(), pdf.into_boxed_slice().into());
    Ok(Generated { document, source, source_sha256, pdf, pdf_sha256, pdf_crc32, pages, warnings })
}

/// Generates a filing from a posted body.
///
/// # Errors
/// Like `accept` and `render`.
pub fn generate(body: &[u8], typesetter: &Typesetter) -> Result<Generated, GenerateError> {
    Ok(render(accept(body, typesetter.coverage())?, typesetter)?)
}

/// Writes the Word copy of a posted body.
///
/// # Errors
/// Like `generate`.
pub fn word_copy(body: &[u8], typesetter: &Typesetter) -> Result<Vec<u8>, GenerateError> {
    let accepted = accept(body, typesetter.coverage())?;
    Ok(crate::word_copy::word_copy(&typesetter.unbroken_texts(&accepted.filing)?))
}

/// Draws one page of a posted body, counted from 1, without exporting a PDF.
///
/// # Errors
/// Like `generate`.
pub fn preview(
    body: &[u8],
    typesetter: &Typesetter,
    page: NonZeroUsize,
    width: Width,
) -> Result<Drawn, GenerateError> {
    let accepted = accept(body, typesetter.coverage())?;
    Ok(typesetter.draw(&accepted.filing, page, width)?)
}

/// A preview for an editor.
#[derive(Debug)]
pub struct PagesPreview {
    /// What is wrong.
    pub checked: Checked,
    /// The pages; none if there are errors.
    pub pages: Vec<PagePicture>,
    /// Where the texts are printed.
    pub places: Vec<PrintedPlace>,
}

/// Checks a posted body, and lists its pages with the pictures that are wanted.
///
/// # Errors
/// Returns `GenerateError::Unreadable` if the body is not JSON, and `GenerateError::Render` if it
/// cannot be typeset. Violations are part of the result.
pub fn preview_pages(
    body: &[u8],
    typesetter: &Typesetter,
    wanted: &Wanted,
) -> Result<PagesPreview, GenerateError> {
    let (findings, pages, places) = match accept(body, typesetter.coverage()) {
        Ok(Accepted { filing, warnings }) => {
            let (pages, text) = typesetter.draw_pages(&filing, wanted)?;
            // An accepted body is JSON.
            let submission = serde_json::from_slice(body).unwrap_or_default();
            (Findings { errors: Vec::new(), warnings }, pages, places(&submission, &text))
        }
        Err(GenerateError::Refused(findings)) => (findings, Vec::new(), Vec::new()),
        Err(error) => return Err(error),
    };
    Ok(PagesPreview { checked: Checked::from(findings), pages, places })
}

/// Checks a posted body against the rules, without typesetting it.
///
/// # Errors
/// Returns `UnreadableJson` if the body is not JSON. Violations are part of the result.
pub fn check(body: &[u8], coverage: &FontCoverage) -> Result<Checked, UnreadableJson> {
    let found = match Posted::read(body) {
        Ok(posted) => findings_of(&posted, coverage),
        Err(error) => shape_findings(error)?,
    };
    Ok(Checked::from(found))
}

impl From<Findings> for Checked {
    fn from(findings: Findings) -> Self {
        Self { valid: findings.errors.is_empty(), findings }
    }
}

/// Violations of the shape, as findings. Returns `UnreadableJson` if the body is not JSON.
fn shape_findings(error: ReadError) -> Result<Findings, UnreadableJson> {
    match error {
        ReadError::Syntax { line, column, cause } => Err(UnreadableJson { line, column, cause }),
        ReadError::Shape(faults) => Ok(Findings::from(faults)),
    }
}

impl From<ReadError> for GenerateError {
    fn from(error: ReadError) -> Self {
        shape_findings(error).map_or_else(Self::Unreadable, Self::Refused)
    }
}
