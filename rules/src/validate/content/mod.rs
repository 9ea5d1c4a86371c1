//! The checks of 正文: the opening, the scores or the body, and the closing, with totals in them.

mod blocks;
pub(crate) mod attached;
mod tables;
mod table_height;

use crate::submission::Submission;
use crate::validate::filing::{Attached, Content, MainText};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::scores::sheet;
use crate::validate::text::context::TextContext;

/// Checks 正文 and puts what is attached behind it; `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &Submission,
    context: &TextContext<'_>,
    attached: Option<Vec<Attached>>,
) -> Option<Content> {
    let opening =
        context.outside_the_sheet(check, &place.key("opening"), posted.opening.as_deref());
    let main = main_text(check, place, posted, context);
    let closing =
        context.outside_the_sheet(check, &place.key("closing"), posted.closing.as_deref());
    Some(Content { opening: opening?, main: main?, closing: closing?, attached: attached? })
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
            sheet::read(check, &place.key("scores"), scores, context).map(MainText::Scores)
        }
        (None, Some(body)) => blocks::read(check, &body_place, body, context).map(MainText::Blocks),
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
