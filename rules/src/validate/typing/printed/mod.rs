//! Finds what the program prints too and staff typed once more.

mod numbering;
mod paragraphs;
pub mod text;
pub mod title;

use crate::submission::Submission;
use crate::validate::findings::checker::Checker;

/// Checks the title against the masthead, and whole paragraphs against what is generated.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    title::check(check, &posted.document);
    paragraphs::check(check, posted);
}
