//! Every running text of a submission with its place, in the order of the document.

use crate::submission::block::PostedBlock;
use crate::submission::{PostedAttachment, PostedIndicator, PostedScores, Submission};
use crate::validate::findings::place::Place;
use crate::validate::limits;

/// Receives a text and its place.
pub type Visit<'v> = dyn FnMut(&Place<'_>, &str) + 'v;

/// Visits the paragraphs of 正文, reasons for lost points, and the paragraphs of attachments. Lists
/// beyond their limits have been refused already and are not followed.
pub fn each(posted: &Submission, visit: &mut Visit<'_>) {
    let root = Place::ROOT;
    paragraphs(&root.key("opening"), posted.opening.as_deref(), visit);
    if let Some(scores) = &posted.scores {
        narratives(&root.key("scores"), scores, visit);
    }
    blocks(&root.key("body"), posted.body.as_deref(), visit);
    paragraphs(&root.key("closing"), posted.closing.as_deref(), visit);
    let document = root.key("document");
    let place = document.key("attachments");
    let attachments = posted.document.attachments.iter().flatten();
    for (index, posted) in attachments.enumerate().take(limits::LIST) {
        attachment(&place.item(index), posted, visit);
    }
}

fn attachment(place: &Place<'_>, posted: &PostedAttachment, visit: &mut Visit<'_>) {
    blocks(&place.key("body"), posted.body.as_deref(), visit);
    if let Some(table) = &posted.project_table {
        let place = place.key("project_table");
        let goal = place.key("goal");
        text(&goal.key("expected"), &table.goal.expected, visit);
        text(&goal.key("actual"), &table.goal.actual, visit);
    }
}

fn blocks(place: &Place<'_>, posted: Option<&[PostedBlock]>, visit: &mut Visit<'_>) {
    let posted = posted.unwrap_or_default().iter().take(limits::BLOCKS);
    for (index, block) in posted.enumerate() {
        if let Some(paragraph) = &block.paragraph {
            text(&place.item(index).key("paragraph"), paragraph, visit);
        }
    }
}

fn narratives(place: &Place<'_>, scores: &PostedScores, visit: &mut Visit<'_>) {
    let place = place.key("sections");
    for (index, section) in scores.sections.iter().enumerate().take(limits::SECTIONS) {
        let place = place.item(index);
        let groups = place.key("groups");
        for (index, group) in section.groups.iter().flatten().enumerate().take(limits::GROUPS) {
            let place = groups.item(index);
            indicators(&place.key("indicators"), &group.indicators, visit);
        }
        let direct = section.indicators.as_deref().unwrap_or_default();
        indicators(&place.key("indicators"), direct, visit);
    }
}

fn indicators(place: &Place<'_>, posted: &[PostedIndicator], visit: &mut Visit<'_>) {
    for (index, indicator) in posted.iter().enumerate().take(limits::INDICATORS) {
        let place = place.item(index);
        paragraphs(&place.key("narrative"), indicator.narrative.as_deref(), visit);
        if let Some(reason) = &indicator.reason {
            text(&place.key("reason"), reason, visit);
        }
    }
}

fn paragraphs(place: &Place<'_>, posted: Option<&[String]>, visit: &mut Visit<'_>) {
    let posted = posted.unwrap_or_default().iter().take(limits::PARAGRAPHS);
    for (index, paragraph) in posted.enumerate() {
        text(&place.item(index), paragraph, visit);
    }
}

/// A text beyond its limit has been refused already.
fn text(place: &Place<'_>, posted: &str, visit: &mut Visit<'_>) {
    if posted.len() <= limits::PARAGRAPH * 4 {
        visit(place, posted);
    }
}
