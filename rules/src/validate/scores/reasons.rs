//! 扣分原因 and 佐证材料: which are missing and which are not printed, in one sentence for each table.

use crate::scoring::sheet::SectionKind;
use crate::submission::names::path::parse;
use crate::validate::findings::checker::{Checker, ReasonMissing};
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::PostedEntry;
use crate::validate::scores::sums::Stated;
use crate::validate::text::rule::bare;

/// Words in a narrative that explains lost points.
const WHY: [&str; 2] = ["扣", "失分"];

/// Records an entry that lost points without a reason. Bonus points that were not earned are not lost.
pub fn wanted(check: &mut Checker<'_>, place: &Place<'_>, kind: SectionKind, entry: &Stated<'_>) {
    let Some((max_points, self_score)) = entry.both() else { return };
    let lost = match kind {
        SectionKind::Base if !self_score.is_negative() && self_score < max_points => {
            format!("分值{max_points}分，自评{self_score}分")
        }
        SectionKind::Deduction if self_score.is_negative() => format!("自评{self_score}分"),
        _ => return,
    };
    let missing = ReasonMissing { pointer: place.pointer(), subject: entry.subject(), lost };
    check.reasons_missing.push(missing);
}

/// Records the reason and evidence of an indicator if no table prints them.
pub fn not_printed(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedEntry<'_>) {
    let is_said = |text: &str| !bare(text).is_empty();
    if posted.reason.is_some_and(is_said) {
        check.not_printed.push(place.key("reason").pointer());
    }
    if posted.evidence.iter().any(|text| is_said(text)) {
        check.not_printed.push(place.key("evidence").pointer());
    }
}

/// Whether the narrative of an indicator explains lost points.
pub fn narrative_says_why(posted: &PostedEntry<'_>) -> bool {
    posted.narrative.iter().any(|text| WHY.iter().any(|word| text.contains(word)))
}

/// Reports what was recorded for a table.
pub fn report(check: &mut Checker<'_>, table: &Place<'_>) {
    let missing = std::mem::take(&mut check.reasons_missing);
    match missing.as_slice() {
        [] => {}
        [only] => {
            let detail = format!("{}{}，没有写扣分原因，建议补写。", only.subject, only.lost);
            check.warning_at(&parse(&only.pointer), Code::ReasonMissing, detail);
        }
        several => {
            let listed = several.iter().take(limits::CHARACTERS_LISTED);
            let listed: Vec<String> =
                listed.map(|one| format!("{}{}", one.subject, one.lost)).collect();
            let more = if several.len() > listed.len() { "等" } else { "" };
            let detail = format!(
                "有{}项扣了分，没有写扣分原因，建议补写：{}{more}。",
                several.len(),
                listed.join("；")
            );
            check.warning(table, Code::ReasonMissing, detail);
        }
    }
    let unprinted = std::mem::take(&mut check.not_printed);
    if let Some(first) = unprinted.first() {
        let count = unprinted.len();
        let detail = format!(
            "扣分原因（reason）和佐证材料（evidence）只印在附件的自评表里，本件没有附自评表，有{count}处\
             写了而不会印出；请附上自评表（score_table），或写入正文说明（narrative）。"
        );
        match count {
            1 => check.warning_at(&parse(first), Code::NotPrinted, detail),
            _ => check.warning(table, Code::NotPrinted, detail),
        }
    }
}
