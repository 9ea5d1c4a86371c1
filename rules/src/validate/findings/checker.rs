//! What every check shares: the coverage of the fonts, the findings so far, and their bounds.

use crate::submission::path::{Step, pointer};
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::{Code, Findings, Violation};
use crate::validate::limits;
use crate::validate::text::font_coverage::FontCoverage;

/// Collects findings in the order in which the checks meet them.
#[derive(Debug)]
pub struct Checker<'c> {
    pub(crate) coverage: &'c FontCoverage,
    // What all texts and tables met so far count of the whole filing, in characters.
    pub(crate) weight: usize,
    // The cells of all tables met so far.
    pub(crate) cells: usize,
    // Points lost without a reason in the table that is being checked.
    pub(crate) reasons_missing: Vec<ReasonMissing>,
    // Reasons and evidence in that table that are printed nowhere.
    pub(crate) not_printed: Vec<String>,
    errors: BoundedFindings,
    warnings: BoundedFindings,
}

/// An entry that lost points and gives no reason.
#[derive(Debug)]
pub struct ReasonMissing {
    /// The JSON Pointer to the reason.
    pub pointer: String,
    /// The entry as a sentence calls it.
    pub subject: String,
    /// What was lost.
    pub lost: String,
}

/// The first findings of one kind, and how many came after.
#[derive(Debug, Default)]
struct BoundedFindings {
    violations: Vec<Violation>,
    unlisted: usize,
}

impl<'c> Checker<'c> {
    /// Starts with nothing found.
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

    /// Records a broken rule that stops the filing.
    pub fn error(&mut self, place: &Place<'_>, code: Code, detail: String) {
        self.errors.push(|| place.pointer(), code, detail);
    }

    /// Records a broken rule at a JSON Pointer.
    pub fn error_at(&mut self, path: &[Step<'_>], code: Code, detail: String) {
        self.errors.push(|| pointer(path), code, detail);
    }

    /// Records a doubt at a JSON Pointer.
    pub fn warning_at(&mut self, path: &[Step<'_>], code: Code, detail: String) {
        self.warnings.push(|| pointer(path), code, detail);
    }

    /// Records a doubt that does not stop it.
    pub fn warning(&mut self, place: &Place<'_>, code: Code, detail: String) {
        self.warnings.push(|| place.pointer(), code, detail);
    }

    /// Everything found.
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

/// The finding that stands for those not listed.
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
