//! The checks of the text that a document issues (印发, 转发, 公布).

use crate::submission::{PostedIssuedAttachment, PostedIssuedText};
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::filing::{IssuedAttachment, IssuedText};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::limits;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};

/// Checks the issued text, if there is one. Returns `None` after an error in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: Option<&PostedIssuedText>,
    context: &TextContext<'_>,
) -> Option<Option<IssuedText>> {
    let Some(posted) = posted else { return Some(None) };
    let title = check.text(&place.key("title"), &posted.title, &TextRule::TITLE);
    let note =
        check.optional_text(&place.key("note"), posted.note.as_deref(), &TextRule::GROUP_TITLE);
    let blocks = Blocks::new(context, Subject::Any);
    let body = blocks.required(check, &place.key("body"), &posted.body);
    let posted = posted.attachments.as_deref().unwrap_or_default();
    let attachments = attachments(check, &place.key("attachments"), posted, &blocks);
    Some(Some(IssuedText { title: title?, note: note?, body: body?, attachments: attachments? }))
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
