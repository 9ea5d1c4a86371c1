//! The checks of the contents of attachments: blocks, score tables or project tables.

use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::submission::{PostedAttachment, Submission};
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::filing::{Attached, AttachedContent};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::count_of_cells;
use crate::validate::scores::{project, sheet};
use crate::validate::text::characters::quoted;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, bare, every};

/// Checks the attachments that have content; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    context: &TextContext<'_>,
) -> Option<Vec<Attached>> {
    let attachments = posted.document.attachments.as_deref().unwrap_or_default();
    let is_in_text = posted.score_tables_in_text() > 0;
    if !has_one_score_table(check, place, attachments, is_in_text) {
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
                let posted = attachment.cover.as_deref().unwrap_or_default();
                let cover = cover(check, &place.key("cover"), posted)?;
                Some(Some(Attached { index, orientation, binding, cover, content }))
            }
            None => {
                refuse_cover(check, &place, attachment)?;
                refuse_orientation(check, &place, attachment)?;
                Some(None)
            }
        }
    }))?;
    Some(all.into_iter().flatten().collect())
}

/// The default. A score table has seven columns and is wider than high.
fn default_orientation(content: &AttachedContent) -> Orientation {
    match content {
        AttachedContent::ScoreTable | AttachedContent::OwnScores(_) => Orientation::Landscape,
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
    let wants_scores = posted.has_score_table();
    let kinds = [
        posted.body.is_some(),
        wants_scores,
        posted.scores.is_some(),
        posted.project_table.is_some(),
    ];
    if kinds.iter().filter(|is_there| **is_there).count() > 1 {
        let detail = format!(
            "{}的正文（body）、自评表（score_table）、自己的评分表（scores）、项目支出绩效自评表（project_table）\
             只能有一种，请删去其余的。",
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
    if let Some(posted) = &posted.scores {
        let place = place.key("scores");
        let fits = check.cells_fit(&place, count_of_cells(posted));
        let sheet = sheet::read_attached(check, &place, posted, context)?;
        return fits.then_some(Some(AttachedContent::OwnScores(sheet)));
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
    check.cells_fit(place, count_of_cells(scores)).then_some(AttachedContent::ScoreTable)
}

/// Refuses a second score table, which would print all texts of the sheet again.
fn has_one_score_table(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    attachments: &[PostedAttachment],
    is_in_text: bool,
) -> bool {
    let asked = attachments.iter().enumerate().filter(|(_, one)| one.has_score_table());
    let second = asked.map(|(index, _)| index).nth(usize::from(!is_in_text));
    if let Some(index) = second {
        let before = if is_in_text { "正文已经有了" } else { "前面的附件已经是" };
        let detail = format!(
            "自评表（score_table）只能有一个，{before}，请删去；另有一份评分的，写作附件自己的评分表（scores）。"
        );
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
        posted.body.is_some()
            || posted.project_table.is_some()
            || posted.scores.is_some()
            || posted.has_score_table()
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

/// The cover page: pairs of a label and a text, which may be empty.
fn cover(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[Vec<String>],
) -> Option<Vec<(String, String)>> {
    if !check.list_fits(place, posted.len(), limits::COVER)
        || !check.cells_fit(place, 2 * posted.len())
    {
        return None;
    }
    every(posted.iter().enumerate().map(|(index, pair)| {
        let place = place.item(index);
        let [label, text] = pair.as_slice() else {
            let detail = format!("{}应写成[名目，内容]两项，现有{}项。", place.label(), pair.len());
            check.error(&place, Code::OneOf, detail);
            return None;
        };
        let label = check.text(&place.item(0), label, &TextRule::NAME);
        let text = match bare(text) {
            "" => Some(String::new()),
            _ => check.text(&place.item(1), text, &TextRule::LINE),
        };
        Some((label?, text?))
    }))
}

/// Refuses a cover page for an attachment that is only listed.
fn refuse_cover(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedAttachment,
) -> Option<()> {
    if posted.cover.is_none() {
        return Some(());
    }
    let detail = format!("{}只列名称、没有内容，不印封面，请删去封面或补上内容。", place.label());
    check.error(&place.key("cover"), Code::Unsupported, detail);
    None
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
