//! The checks of 正文: the opening, the scores or the body, and the closing, with totals in them.

mod blocks;
pub(crate) mod attached;
mod issued;
mod tables;
mod table_height;

use crate::submission::Submission;
use crate::submission::text::PostedText;
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::filing::{Attached, Content, MainText};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::scores::sheet;
use crate::validate::text::context::TextContext;

/// Checks 正文, the issued text and the attachments. Returns `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    context: &TextContext<'_>,
    attached: Option<Vec<Attached>>,
) -> Option<Content> {
    let blocks = Blocks::new(context, Subject::Filing);
    let text = |posted: &Option<Vec<PostedText>>| posted.clone().unwrap_or_default();
    let opening = blocks.read(check, &place.key("opening"), &text(&posted.opening));
    let main = main_text(check, place, posted, context);
    let closing = blocks.read(check, &place.key("closing"), &text(&posted.closing));
    let issued = issued::read(check, &place.key("issued"), posted.issued.as_ref(), context);
    Some(Content {
        numbering: posted.document.numbering,
        opening: opening?,
        main: main?,
        closing: closing?,
        issued: issued?,
        attached: attached?,
    })
}

fn main_text(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    context: &TextContext<'_>,
) -> Option<MainText> {
    let body_place = place.key("body");
    match (&posted.scores, &posted.body) {
        (Some(scores), None) => {
            let place = place.key("scores");
            let has_text =
                posted.opening.iter().chain(&posted.closing).any(|text| !text.is_empty());
            let has_table = attached::has_score_table(posted);
            let is_placed = sheet::placement_fits(check, &place, scores, has_table, has_text);
            let sheet = sheet::read(check, &place, scores, context)?;
            is_placed.then_some(MainText::Scores(sheet))
        }
        (None, Some(body)) => Blocks::new(context, Subject::Any)
            .required(check, &body_place, body)
            .map(MainText::Blocks),
        (None, None) => {
            let detail = "没有正文，请填写正文（body），或自评得分表（scores）。".to_owned();
            check.error(&body_place, Code::OneOf, detail);
            None
        }
        (Some(_), Some(_)) => {
            let detail =
                "自评得分表（scores）和正文（body）只能写一种，请删去其中一种。".to_owned();
            check.error(&body_place, Code::OneOf, detail);
            None
        }
    }
}
