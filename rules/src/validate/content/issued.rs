//! The checks of the texts that a document issues (印发, 转发, 公布).

use crate::submission::issued::{PostedIssued, PostedIssuedAttachment, PostedIssuedText};
use crate::submission::{PostedDocument, Submission};
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::content::issued_elements;
use crate::validate::elements::closing;
use crate::validate::filing::{IssuedAttachment, IssuedText};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::limits;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};

/// Checks the issued texts. Returns `None` after an error in one of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    submission: &Submission,
    context: &TextContext<'_>,
) -> Option<Vec<IssuedText>> {
    let document = &submission.document;
    match &submission.issued {
        None => Some(Vec::new()),
        Some(PostedIssued::One(posted)) => {
            Some(vec![text(check, place, posted, document, context)?])
        }
        Some(PostedIssued::Several(posted)) => {
            if !check.list_fits(place, posted.len(), limits::ISSUED_TEXTS) {
                return None;
            }
            let numbered = posted.iter().enumerate();
            every(
                numbered.map(|(index, posted)| {
                    text(check, &place.item(index), posted, document, context)
                }),
            )
        }
    }
}

fn text(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    document: &PostedDocument,
    context: &TextContext<'_>,
) -> Option<IssuedText> {
    let title = check.text(&place.key("title"), &posted.title, &TextRule::TITLE);
    let note = note(check, &place.key("note"), posted.note.as_deref());
    let elements = issued_elements::read(check, place, posted, document);
    let blocks = Blocks::new(context, Subject::Any);
    let body = blocks.required(check, &place.key("body"), &posted.body);
    let posted = posted.attachments.as_deref().unwrap_or_default();
    let attachments = attachments(check, &place.key("attachments"), posted, &blocks);
    Some(IssuedText {
        title: title?,
        note: note?,
        elements: elements?,
        body: body?,
        attachments: attachments?,
    })
}

/// 题注, without the brackets that it is printed in.
fn note(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: Option<&str>,
) -> Option<Option<String>> {
    let Some(note) = posted else { return Some(None) };
    closing::bracketed(check, place, note, &TextRule::GROUP_TITLE).map(Some)
}

fn attachments(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedIssuedAttachment],
    blocks: &Blocks<'_, '_>,
) -> Option<Vec<IssuedAttachment>> {
    if !check.list_fits(place, posted.len(), limits::LIST) {
        return None;
    }
    every(posted.iter().enumerate().map(|(index, posted)| {
        let place = place.item(index);
        let title = check.text(&place.key("title"), &posted.title, &TextRule::TITLE);
        let body = match &posted.body {
            Some(body) => blocks.required(check, &place.key("body"), body),
            None => Some(Vec::new()),
        };
        Some(IssuedAttachment { title: title?, body: body? })
    }))
}
