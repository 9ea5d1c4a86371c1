//! The state that all checks share: the font coverage, the findings so far, and their limits.

use crate::submission::names::path::{Step, pointer};
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::{Code, Findings, Violation};
use crate::validate::limits;
use crate::validate::text::font_coverage::FontCoverage;

/// Collects findings in the order in which the checks report them.
#[derive(Debug)]
pub struct Checker<'c> {
    pub(crate) coverage: &'c FontCoverage,
    // The weight of all texts and tables checked so far, in characters.
    pub(crate) weight: usize,
    // The number of cells of all tables checked so far.
    pub(crate) cells: usize,
    // Entries of the current table that lost points without a reason.
    pub(crate) reasons_missing: Vec<ReasonMissing>,
    // Reasons and evidence of the current table that are not printed.
    pub(crate) not_printed: Vec<String>,
    errors: BoundedFindings,
    warnings: BoundedFindings,
}

/// An entry that lost points and gives no reason.
#[derive(Debug)]
pub struct ReasonMissing {
    /// The JSON Pointer to the reason.
    pub pointer: String,
    /// The entry, as a sentence names it.
    pub subject: String,
    /// The lost points.
    pub lost: String,
}

/// The first findings of one kind, and the number of those after them.
#[derive(Debug, Default)]
struct BoundedFindings {
    violations: Vec<Violation>,
    unlisted: usize,
}

impl<'c> Checker<'c> {
    /// Creates a checker without findings.
    pub fn new(coverage: &'c FontCoverage) -> Self {
        Self {
            coverage,
            weight: 0,
            cells: 0,
            reasons_missing: Vec::new(),
            not_printed: Vec::new(),
            errors: BoundedFindings::default(),
            warnings: BoundedFindings::default(),
        }
    }

    /// Records an error at a place.
    pub fn error(&mut self, place: &Place<'_>, code: Code, detail: String) {
        self.errors.push(|| place.pointer(), code, detail);
    }

    /// Records an error at a path.
    pub fn error_at(&mut self, path: &[Step<'_>], code: Code, detail: String) {
        self.errors.push(|| pointer(path), code, detail);
    }

    /// Records a warning at a path.
    pub fn warning_at(&mut self, path: &[Step<'_>], code: Code, detail: String) {
        self.warnings.push(|| pointer(path), code, detail);
    }

    /// Records a warning at a place.
    pub fn warning(&mut self, place: &Place<'_>, code: Code, detail: String) {
        self.warnings.push(|| place.pointer(), code, detail);
    }

    /// Returns all findings.
    pub fn finish(self) -> Findings {
        Findings { errors: self.errors.finish(), warnings: self.warnings.finish() }
    }
}

impl BoundedFindings {
    fn push(&mut self, pointer: impl FnOnce() -> String, code: Code, detail: String) {
        if self.violations.len() < limits::FINDINGS_LISTED {
            self.violations.push(Violation { pointer: pointer(), code, detail });
        } else {
            self.unlisted += 1;
        }
    }

    fn finish(mut self) -> Vec<Violation> {
        self.violations.extend(unlisted(self.unlisted));
        self.violations
    }
}

/// The finding that gives the number of those not listed.
pub(crate) fn unlisted(count: usize) -> Option<Violation> {
    (count > 0).then(|| Violation {
        pointer: Place::ROOT.pointer(),
        code: Code::MoreFindings,
        detail: format!(
            "问题过多，只列出前{}处，另有{count}处未列出；请先改正已列出的问题，再重新检查。",
            limits::FINDINGS_LISTED
        ),
    })
}
