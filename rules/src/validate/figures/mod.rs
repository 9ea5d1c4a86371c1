//! Compares the figures of running text with each other and with the tables. Reports doubts, never errors.
//!
//! A check reports only if the text cannot be read in another way. A printed figure represents all
//! values that are rounded to it.

mod quantity;
mod span;
mod passage;
mod role;
mod parts;
mod rates;
mod changes;
mod totals;
mod facts;
mod tables;
mod years;

use crate::document::rich_text::RichText;
use crate::submission::Submission;
use crate::submission::names::path::parse;
use crate::validate::figures::facts::Facts;
use crate::validate::figures::passage::Passage;
use crate::validate::figures::tables::Tables;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::running;

/// Adds a doubt for each figure of the text that contradicts another one.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    // A filing over the limit has already been refused.
    if check.weight > limits::FILING {
        return;
    }
    years::check(check, posted);
    let tables = Tables::of(posted);
    let mut facts = Facts::default();
    running::each(posted, &mut |place, text| {
        let text = RichText::plain_of(text);
        let passage = Passage::read(&text);
        let doubts = [
            (Code::TextPartsMismatch, parts::doubts(&passage)),
            (Code::TextRateMismatch, rates::doubts(&passage)),
            (Code::TextChangeMismatch, changes::doubts(&passage)),
            (Code::TextSumMismatch, totals::doubts(&passage)),
            (Code::TextTableMismatch, tables.doubts(&passage)),
        ];
        for (code, details) in doubts {
            for detail in details {
                check.warning(place, code, detail);
            }
        }
        // The totals in 正文 are checked by `TextContext`.
        if place.pointer().starts_with("/document/")
            && let Some(detail) = tables.other_total(passage.text)
        {
            check.warning(place, Code::TextTotalMismatch, detail);
        }
        facts.add(&passage, || place.pointer());
    });
    for (pointer, detail) in facts.doubts() {
        check.warning_at(&parse(&pointer), Code::TextFactMismatch, detail);
    }
}
