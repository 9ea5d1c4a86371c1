//! The checks of text in blocks: headings, paragraphs and tables of a body or an attachment.

use crate::document::block::{Block, HeadingLevel};
use crate::submission::block::{PostedBlock, PostedHeading};
use crate::validate::content::tables;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};

/// Checks a list of blocks, which has one at least; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedBlock],
    context: &TextContext<'_>,
) -> Option<Vec<Block>> {
    if posted.is_empty() {
        let detail = format!("{}至少要有一段，请填写。", place.label());
        check.error(place, Code::ListEmpty, detail);
        return None;
    }
    if !check.list_fits(place, posted.len(), limits::BLOCKS) {
        return None;
    }
    let numbered = posted.iter().enumerate();
    every(numbered.map(|(index, posted)| block(check, &place.item(index), posted, context)))
}

fn block(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedBlock,
    context: &TextContext<'_>,
) -> Option<Block> {
    match (&posted.heading, &posted.paragraph, &posted.table) {
        (Some(posted), None, None) => heading(check, &place.key("heading"), posted),
        (None, Some(posted), None) => context
            .running_text(check, &place.key("paragraph"), posted, &TextRule::PARAGRAPH)
            .map(Block::Paragraph),
        (None, None, Some(posted)) => {
            tables::read(check, &place.key("table"), posted, context).map(Block::Table)
        }
        _ => {
            let detail = format!(
                "{}应写且只写标题（heading）、段落（paragraph）、表格（table）中的一项，请调整。",
                place.label()
            );
            check.error(place, Code::OneOf, detail);
            None
        }
    }
}

fn heading(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedHeading) -> Option<Block> {
    let level = HeadingLevel::new(posted.level);
    if level.is_none() {
        let detail = format!("标题层级写为{}，只能是1至4。", posted.level);
        check.error(&place.key("level"), Code::NumberOutOfRange, detail);
    }
    let rule = match level {
        Some(HeadingLevel::First) => TextRule::SECTION_TITLE,
        Some(HeadingLevel::Second) => TextRule::GROUP_TITLE,
        Some(HeadingLevel::Third | HeadingLevel::Fourth) | None => TextRule::HEADING,
    };
    let title = check.text(&place.key("title"), &posted.title, &rule);
    Some(Block::Heading { level: level?, title: title? })
}
