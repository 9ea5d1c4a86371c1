//! The checks of the contents of attachments: blocks, the score table or a project table.

use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::submission::{PostedAttachment, Submission};
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::filing::{Attached, AttachedContent};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::count_of_leaves;
use crate::validate::scores::project;
use crate::validate::text::characters::quoted;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::every;

/// Checks the attachments that have content; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    context: &TextContext<'_>,
) -> Option<Vec<Attached>> {
    let attachments = posted.document.attachments.as_deref().unwrap_or_default();
    if !has_one_score_table(check, place, attachments) {
        return None;
    }
    // A list beyond its limit is reported with the titles.
    let listed = attachments.iter().take(limits::LIST).enumerate();
    if attachments.len() <= limits::LIST {
        warn_of_missing_content(check, place, attachments);
    }
    let all = every(listed.map(|(index, attachment)| {
        let place = place.item(index);
        match content(check, &place, attachment, posted, context)? {
            Some(content) => {
                let orientation =
                    attachment.orientation.unwrap_or_else(|| default_orientation(&content));
                let binding = attachment.binding.unwrap_or_default();
                Some(Some(Attached { index, orientation, binding, content }))
            }
            None => {
                refuse_orientation(check, &place, attachment)?;
                Some(None)
            }
        }
    }))?;
    Some(all.into_iter().flatten().collect())
}

/// The default. The score table has seven columns and is wider than high.
fn default_orientation(content: &AttachedContent) -> Orientation {
    match content {
        AttachedContent::ScoreTable => Orientation::Landscape,
        AttachedContent::Blocks(_) | AttachedContent::ProjectTable(_) => Orientation::Portrait,
    }
}

fn content(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedAttachment,
    submission: &Submission,
    context: &TextContext<'_>,
) -> Option<Option<AttachedContent>> {
    let wants_scores = posted.score_table == Some(true);
    let kinds = [posted.body.is_some(), wants_scores, posted.project_table.is_some()];
    if kinds.iter().filter(|is_there| **is_there).count() > 1 {
        let detail = format!(
            "{}的正文（body）、自评表（score_table）、项目支出绩效自评表（project_table）只能有一种，请删去其余的。",
            place.label()
        );
        check.error(place, Code::OneOf, detail);
        return None;
    }
    if let Some(posted) = &posted.body {
        let blocks =
            Blocks::new(context, Subject::Any).required(check, &place.key("body"), posted)?;
        return Some(Some(AttachedContent::Blocks(blocks)));
    }
    if let Some(posted) = &posted.project_table {
        let table = project::read(check, &place.key("project_table"), posted)?;
        return Some(Some(AttachedContent::ProjectTable(table)));
    }
    if wants_scores {
        return score_table(check, &place.key("score_table"), submission).map(Some);
    }
    Some(None)
}

/// The score table. Its generated cells count towards the limits like posted ones.
fn score_table(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    submission: &Submission,
) -> Option<AttachedContent> {
    let Some(scores) = &submission.scores else {
        let detail =
            "没有自评得分表（scores），附件的自评表无从生成，请删去或补上得分。".to_owned();
        check.error(place, Code::TotalWithoutScores, detail);
        return None;
    };
    let cells = count_of_leaves(scores) * limits::SCORE_COLUMNS;
    check.cells_fit(place, cells).then_some(AttachedContent::ScoreTable)
}

/// Whether an attachment asks for the score table.
pub fn has_score_table(posted: &Submission) -> bool {
    let mut attachments = posted.document.attachments.iter().flatten();
    attachments.any(|attachment| attachment.score_table == Some(true))
}

/// Refuses a second score table, which would print all texts of the sheet again.
fn has_one_score_table(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    attachments: &[PostedAttachment],
) -> bool {
    let wants_scores = |attachment: &PostedAttachment| attachment.score_table == Some(true);
    let asked = attachments.iter().enumerate().filter(|(_, attachment)| wants_scores(attachment));
    let second = asked.map(|(index, _)| index).nth(1);
    if let Some(index) = second {
        let detail = "自评表（score_table）只能有一个，前面的附件已经是，请删去。".to_owned();
        check.error(&place.item(index).key("score_table"), Code::OneOf, detail);
    }
    second.is_none()
}

/// Warns of attachments without content if others have content, unless they are bound separately.
fn warn_of_missing_content(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    attachments: &[PostedAttachment],
) {
    let has_content = |posted: &PostedAttachment| {
        posted.body.is_some() || posted.project_table.is_some() || posted.score_table == Some(true)
    };
    if !attachments.iter().any(has_content) {
        return;
    }
    for (index, posted) in attachments.iter().enumerate().filter(|(_, posted)| !has_content(posted))
    {
        if posted.binding != Some(AttachmentBinding::Separate) {
            let place = place.item(index);
            let detail = format!(
                "{}“{}”没有内容，只列名称，而别的附件有内容；请补上，另行装订的请写明装订方式（binding）为separate。",
                place.label(),
                quoted(&posted.title)
            );
            check.warning(&place, Code::AttachmentEmpty, detail);
        }
    }
}

/// Refuses an orientation for an attachment that is only listed.
fn refuse_orientation(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedAttachment,
) -> Option<()> {
    if posted.orientation.is_some_and(|orientation| orientation != Orientation::Portrait) {
        let detail = format!("{}只列名称、没有内容，不排印，请删去方向一项。", place.label());
        check.error(&place.key("orientation"), Code::Unsupported, detail);
        return None;
    }
    Some(())
}
