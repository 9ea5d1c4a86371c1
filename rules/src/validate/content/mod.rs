//! The checks of 正文: the opening, the scores or the body, and the closing, with totals in them.

mod blocks;
pub(crate) mod attached;
mod issued;
mod issued_elements;
mod tables;
mod table_height;

use crate::submission::Submission;
use crate::validate::content::blocks::{Blocks, Subject};
use crate::validate::filing::{Attached, Content, MainText};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
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
    let opening =
        blocks.read(check, &place.key("opening"), posted.opening.as_deref().unwrap_or_default());
    let main = main_text(check, place, posted, context);
    let closing =
        blocks.read(check, &place.key("closing"), posted.closing.as_deref().unwrap_or_default());
    refuse_second_score_table(check, place, posted);
    let issued = issued::read(check, &place.key("issued"), posted, context);
    Some(Content {
        numbering: posted.document.numbering,
        opening: opening?,
        main: main?,
        closing: closing?,
        issued: issued?,
        attached: attached?,
    })
}

/// Refuses a second score table in the text.
fn refuse_second_score_table(check: &mut Checker<'_>, place: &Place<'_>, posted: &Submission) {
    let mut has_one = false;
    for (key, texts) in [("opening", &posted.opening), ("closing", &posted.closing)] {
        for (index, text) in texts.iter().flatten().enumerate().take(limits::BLOCKS) {
            if text.has_score_table() && has_one {
                let detail = "自评表（score_table）只能有一个，前面已经有了，请删去。".to_owned();
                let place = place.key(key);
                check.error(&place.item(index).key("score_table"), Code::OneOf, detail);
            }
            has_one |= text.has_score_table();
        }
    }
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
            let has_table = posted.prints_score_table();
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
