//! Every running text of a submission with its place, in the order of the document.

use crate::submission::scores::PostedScores;
use crate::submission::text::PostedText;
use crate::submission::{PostedAttachment, Submission};
use crate::validate::findings::place::Place;
use crate::validate::limits;
use crate::validate::scores::entry::PostedEntry;

/// Receives a text and its place.
pub type Visit<'v> = dyn FnMut(&Place<'_>, &str) + 'v;

/// Visits the text of the document and the paragraphs of its attachments. Skips lists over their limits,
/// which have already been refused.
pub fn each(posted: &Submission, visit: &mut Visit<'_>) {
    each_of_document(posted, visit);
    let root = Place::ROOT;
    let document = root.key("document");
    let place = document.key("attachments");
    let attachments = posted.document.attachments.iter().flatten();
    for (index, posted) in attachments.enumerate().take(limits::LIST) {
        attachment(&place.item(index), posted, visit);
    }
}

/// Visits the paragraphs of 正文 and the reasons for lost points.
pub fn each_of_document(posted: &Submission, visit: &mut Visit<'_>) {
    let root = Place::ROOT;
    texts(&root.key("opening"), posted.opening.as_deref(), visit);
    sheet(&root.key("scores"), posted.scores.as_ref(), visit);
    texts(&root.key("body"), posted.body.as_deref(), visit);
    texts(&root.key("closing"), posted.closing.as_deref(), visit);
}

fn attachment(place: &Place<'_>, posted: &PostedAttachment, visit: &mut Visit<'_>) {
    texts(&place.key("body"), posted.body.as_deref(), visit);
    sheet(&place.key("scores"), posted.scores.as_ref(), visit);
    if let Some(table) = &posted.project_table {
        let place = place.key("project_table");
        let goal = place.key("goal");
        text(&goal.key("expected"), &table.goal.expected, visit);
        text(&goal.key("actual"), &table.goal.actual, visit);
    }
}

fn texts(place: &Place<'_>, posted: Option<&[PostedText]>, visit: &mut Visit<'_>) {
    let posted = posted.unwrap_or_default().iter().take(limits::BLOCKS);
    for (index, entry) in posted.enumerate() {
        let place = place.item(index);
        match entry {
            PostedText::Paragraph(paragraph) => text(&place, paragraph, visit),
            PostedText::Block(block) => {
                for (key, posted) in [("paragraph", &block.paragraph), ("article", &block.article)]
                {
                    if let Some(posted) = posted {
                        text(&place.key(key), posted, visit);
                    }
                }
            }
        }
    }
}

fn sheet(place: &Place<'_>, posted: Option<&PostedScores>, visit: &mut Visit<'_>) {
    let place = place.key("sections");
    let sections = posted.iter().flat_map(|scores| &scores.sections);
    for (index, section) in sections.enumerate().take(limits::SECTIONS) {
        entry(&place.item(index), &section.into(), visit);
    }
}

fn entry(place: &Place<'_>, posted: &PostedEntry<'_>, visit: &mut Visit<'_>) {
    let narrative = place.key("narrative");
    for (index, paragraph) in posted.narrative.iter().enumerate().take(limits::PARAGRAPHS) {
        text(&narrative.item(index), paragraph, visit);
    }
    if let Some(reason) = posted.reason {
        text(&place.key("reason"), reason, visit);
    }
    let (key, parts) = posted.parts();
    let list = place.key(key);
    for (index, part) in parts.iter().enumerate().take(limits::INDICATORS) {
        entry(&list.item(index), part, visit);
    }
}

/// Visits a text, unless it is over the limit and has already been refused.
fn text(place: &Place<'_>, posted: &str, visit: &mut Visit<'_>) {
    if posted.len() <= limits::PARAGRAPH * 4 {
        visit(place, posted);
    }
}
