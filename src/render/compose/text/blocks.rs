//! Headings, paragraphs, articles, lists of names and tables of a text, with generated numbers.

use crate::document::block::Block;
use crate::document::rich_text::RichText;
use crate::document::table::{Table, TableParts};
use crate::render::compose::score_table;
use crate::render::compose::tables::{self, Widths};
use crate::render::compose::text::body_parts::{
    article, centred_heading, heading, listed, paragraph, run_in,
};
use crate::render::compose::text::outline::{Numbered, Outline};
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::render::type_area::TypeArea;
use crate::scoring::sheet::ScoreSheet;

/// The blocks of a text without a score table, in reading order. Each table takes the next item of
/// `fits`.
pub(crate) fn parts_of<'f>(
    blocks: &[Block],
    area: TypeArea,
    outline: &mut Outline,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    parts_around_scores(blocks, None, area, outline, fits, advances)
}

/// The same of a text that may have the table of a score sheet.
pub(crate) fn parts_around_scores<'f>(
    blocks: &[Block],
    sheet: Option<&ScoreSheet>,
    area: TypeArea,
    outline: &mut Outline,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let lines = &LineSetter::new(area, advances);
    let mut body = Vec::with_capacity(blocks.len());
    let mut table =
        |parts: Vec<Table>, widths: Widths| tables::parts_of(parts, widths, area, fits, advances);
    for block in blocks {
        let part = match block {
            Block::Heading { level, title } => {
                let Numbered { number, depth } = outline.heading(*level);
                heading(*level, depth, &format!("{number}{title}"), lines)
            }
            Block::RunIn { level, title, text } => {
                let lead = format!("{}{}", outline.item(*level), sentence(title));
                run_in(*level, &lead, text, lines)
            }
            Block::Paragraph(text) => paragraph(text, lines),
            Block::Item { level, text } => {
                paragraph(&RichText::regular(&outline.item(*level)).followed_by(text), lines)
            }
            Block::Chapter(title) => centred_heading(&outline.chapter(), title, lines),
            Block::Section(title) => centred_heading(&outline.section(), title, lines),
            Block::Article(text) => article(&outline.article(), text, lines),
            Block::Roster(groups) => {
                body.extend(listed(groups));
                continue;
            }
            Block::Table(TableParts { parts, has_widths }) => {
                let widths = if *has_widths { Widths::Posted } else { Widths::Common };
                body.extend(table(parts.clone(), widths));
                continue;
            }
            Block::ScoreTable => {
                let parts = sheet.map(|sheet| vec![score_table::table_of(sheet)]);
                body.extend(table(parts.unwrap_or_default(), Widths::Common));
                continue;
            }
        };
        body.push(part);
    }
    body
}

/// A run-in heading as a sentence: with a full stop unless it ends with punctuation of its own.
fn sentence(title: &str) -> String {
    let stop = if title.ends_with(['。', '：', '；', '？', '！']) { "" } else { "。" };
    format!("{title}{stop}")
}
