//! Headings, paragraphs and tables of a text without scores, with generated numbers.

use crate::document::attachment::Orientation;
use crate::document::block::{Block, HeadingLevel};
use crate::document::numeral::chinese;
use crate::render::compose::body_parts::{allow_breaks_between_siblings, heading, paragraph};
use crate::render::compose::tables;
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;

/// Numbers the headings. Each level counts anew under every heading above it.
#[derive(Debug, Default)]
struct Outline {
    counters: [usize; 4],
    // The levels of the current heading and its parents, from the top.
    open: Vec<HeadingLevel>,
}

impl Outline {
    /// Adds a heading. Returns its number and its level in the outline. A heading level that is left out
    /// (B-7) is not counted, because the outline may not skip a level (PDF/UA-1, 7.4.2).
    fn add(&mut self, level: HeadingLevel) -> (String, usize) {
        self.open.retain(|open| *open < level);
        self.open.push(level);
        let index = level as usize;
        self.counters[index] += 1;
        self.counters[index + 1..].fill(0);
        let count = self.counters[index];
        let number = match level {
            HeadingLevel::First => format!("{}、", chinese(count)),
            HeadingLevel::Second => format!("（{}）", chinese(count)),
            HeadingLevel::Third => format!("{count}."),
            HeadingLevel::Fourth => format!("（{count}）"),
        };
        (number, self.open.len())
    }
}

/// The surroundings of blocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockContext {
    /// The level of the heading above them in the outline; 0 if there is none.
    pub depth: usize,
    /// The orientation of their pages.
    pub orientation: Orientation,
}

/// The blocks in reading order. Each table takes the next item of `fits`.
pub(crate) fn parts_of<'f>(
    blocks: &[Block],
    context: BlockContext,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let mut outline = Outline::default();
    let lines = &LineSetter::new(context.orientation, advances);
    let part = |block: &Block| match block {
        Block::Heading { level, title } => {
            let (number, depth) = outline.add(*level);
            let depth = context.depth + depth;
            let level = *level as usize + 1;
            heading(level, depth, &format!("{number}{title}"), lines)
        }
        Block::Paragraph(text) => paragraph(text, lines),
        Block::Table(table) => {
            let fit = fits.next().cloned().unwrap_or_default();
            BodyPart::Table(tables::data_of(table, context.orientation, &fit))
        }
    };
    allow_breaks_between_siblings(blocks.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use crate::document::block::HeadingLevel::{First, Fourth, Second, Third};

    #[test]
    fn numbers_restart_under_each_heading_and_no_depth_is_skipped() {
        let mut outline = Outline::default();
        let shown: Vec<String> = [First, Third, Third, Second, Third, Fourth, First, Fourth]
            .into_iter()
            .map(|level| outline.add(level))
            .map(|(number, depth)| format!("{number}{depth}"))
            .collect();
        assert_eq!(shown, ["一、1", "1.2", "2.2", "（一）2", "1.3", "（1）4", "二、1", "（1）2"]);
    }
}
