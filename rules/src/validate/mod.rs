//! Validates a submission: the result is a `Filing`, or every violation at once.

pub mod filing;
pub mod limits;
mod regulation;
pub mod elements;
mod content;
mod figures;
pub mod scores;
pub mod text;
pub mod typing;
pub mod findings;

use crate::document::OfficialDocument;
use crate::submission::read::Posted;
use crate::validate::filing::{Content, Filing};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::{Findings, Violation};
use crate::validate::text::context::TextContext;
use crate::validate::text::font_coverage::FontCoverage;

/// An accepted filing and its warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The filing.
    pub filing: Filing,
    /// Warnings, in the order of the document.
    pub warnings: Vec<Violation>,
}

/// Checks a submission against every rule.
///
/// # Errors
/// Returns all findings if there is an error, in the order of the document. Conflicts between elements
/// come last.
#[tracing::instrument(level = "debug", skip_all)]
pub fn validate(posted: Posted, coverage: &FontCoverage) -> Result<Accepted, Findings> {
    let (parts, weight, findings) = checked(&posted, coverage);
    if !findings.errors.is_empty() {
        return Err(findings);
    }
    let (document, content) = parts.expect("a check that withholds its part has reported an error");
    let source = posted.source().expect("every number of an accepted filing was read as exact");
    let filing = Filing::new(document, content, source, weight);
    Ok(Accepted { filing, warnings: findings.warnings })
}

/// All findings of a submission, without the filing that it may become.
#[tracing::instrument(name = "validate", level = "debug", skip_all)]
pub fn findings_of(posted: &Posted, coverage: &FontCoverage) -> Findings {
    checked(posted, coverage).2
}

/// The parts of a filing, its weight and all findings. Without errors there are all parts.
fn checked(
    posted: &Posted,
    coverage: &FontCoverage,
) -> (Option<(OfficialDocument, Content)>, usize, Findings) {
    let mut check = Checker::new(coverage);
    let submission = &posted.submission;
    let document =
        elements::document::read(&mut check, &Place::ROOT.key("document"), &submission.document);
    let context = TextContext::new(submission);
    let document_place = Place::ROOT.key("document");
    let attached = content::attached::read(
        &mut check,
        &document_place.key("attachments"),
        submission,
        &context,
    );
    let content = content::read(&mut check, &Place::ROOT, submission, &context, attached);
    regulation::check(&mut check, submission);
    typing::check(&mut check, posted);
    figures::check(&mut check, submission);
    let weight = check.weight;
    (document.zip(content), weight, check.finish())
}
