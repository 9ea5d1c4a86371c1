//! Compares the year of a self-evaluation in the title with that in the titles of its tables.

use std::borrow::Cow;

use crate::submission::{PostedAttachment, Submission};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;

/// What both titles are about.
const SELF_EVALUATION: &str = "自评";

/// The fewest characters that both titles have in common after the year.
const SHORTEST: usize = 4;

/// Adds a doubt for each self-evaluation table of another year than the title.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    let title: Cow<'_, str> = posted.document.title.text(&posted.document.issuers);
    if title.len() > limits::TITLE * 4 {
        return;
    }
    let Some((year, about)) = of_year(&title) else { return };
    let (root, attachments) = (Place::ROOT, posted.document.attachments.iter().flatten());
    let document = root.key("document");
    let place = document.key("attachments");
    for (index, attachment) in attachments.enumerate().take(limits::LIST) {
        if !is_table(attachment) || attachment.title.len() > limits::TITLE * 4 {
            continue;
        }
        let Some((other, rest)) = of_year(&attachment.title) else { continue };
        let Some(end) = rest.find(SELF_EVALUATION) else { continue };
        let same = &rest[..end + SELF_EVALUATION.len()];
        if other != year && same.chars().count() >= SHORTEST && about.contains(same) {
            let detail = format!(
                "附件“{}”写的是{other}年度，文件标题写的是{year}年度，请核对。",
                quoted(&attachment.title)
            );
            check.warning(&place.item(index).key("title"), Code::DateOrder, detail);
        }
    }
}

fn is_table(attachment: &PostedAttachment) -> bool {
    attachment.project_table.is_some()
        || attachment.scores.is_some()
        || attachment.has_score_table()
}

/// The year of a title with one year, written as 2022年度, and the words after it.
fn of_year(title: &str) -> Option<(&str, &str)> {
    const YEAR: usize = 4;
    let (before, after) = title.split_once("年度")?;
    let year = before.get(before.len().checked_sub(YEAR)?..)?;
    let is_year = year.starts_with("20") && year.bytes().all(|byte| byte.is_ascii_digit());
    let digits = title.chars().filter(char::is_ascii_digit).count();
    (is_year && digits == YEAR).then_some((year, after))
}
