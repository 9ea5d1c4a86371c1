//! Text in blocks as printed: numbers derived, the outline without a gap, tables as they fit.

use crate::document::attachment::Orientation;
use crate::document::block::{Block, HeadingLevel};
use crate::document::numeral::chinese;
use crate::document::table::TableParts;
use crate::render::compose::headings::{heading, paragraph, part_siblings};
use crate::render::compose::tables;
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;

/// The number of a heading counts under the heading above it.
#[derive(Debug, Default)]
struct Outline {
    counters: [usize; 4],
    // The levels of the headings that the text stands under, from the outermost.
    open: Vec<HeadingLevel>,
}

impl Outline {
    /// Enters a heading; returns its number, and its depth in the outline, where a level that was
    /// left out (B-7) leaves no gap (PDF/UA-1, 7.4.2).
    fn enter(&mut self, level: HeadingLevel) -> (String, usize) {
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

/// Where blocks stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// How deep in the outline the heading above them is; 0 where there is none.
    pub depth: usize,
    /// Which way their sides are turned.
    pub orientation: Orientation,
}

/// The blocks in reading order; each table takes the next of the fits.
pub(crate) fn parts_of<'f>(
    blocks: &[Block],
    standing: Standing,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let mut outline = Outline::default();
    let lines = &LineSetter::new(standing.orientation, advances);
    let part = |block: &Block| match block {
        Block::Heading { level, title } => {
            let (number, depth) = outline.enter(*level);
            let depth = standing.depth + depth;
            let level = *level as usize + 1;
            vec![heading(level, depth, &format!("{number}{title}"), lines)]
        }
        Block::Paragraph(text) => vec![paragraph(text, lines)],
        Block::Table(TableParts { parts, has_widths }) => {
            tables::parts_of(parts.clone(), *has_widths, standing.orientation, fits)
        }
    };
    part_siblings(blocks.iter().flat_map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use crate::document::block::HeadingLevel::{First, Fourth, Second, Third};

    #[test]
    fn numbers_count_under_their_heading_and_depths_skip_none() {
        let mut outline = Outline::default();
        let shown: Vec<String> = [First, Third, Third, Second, Third, Fourth, First, Fourth]
            .into_iter()
            .map(|level| outline.enter(level))
            .map(|(number, depth)| format!("{number}{depth}"))
            .collect();
        assert_eq!(shown, ["一、1", "1.2", "2.2", "（一）2", "1.3", "（1）4", "二、1", "（1）2"]);
    }
}
