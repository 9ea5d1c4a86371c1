//! Text in blocks as headings and paragraphs: numbers derived, the outline without a gap.

use crate::document::block::{Block, HeadingLevel};
use crate::document::numeral::chinese;
use crate::render::headings::{heading, part_siblings};
use crate::render::keep::runs_of;
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

/// The blocks in reading order.
pub(super) fn parts_of(blocks: &[Block]) -> Vec<BodyPart> {
    let mut outline = Outline::default();
    part_siblings(blocks.iter().map(|block| part_of(block, &mut outline)).collect())
}

fn part_of(block: &Block, outline: &mut Outline) -> BodyPart {
    match block {
        Block::Heading { level, title } => {
            let (number, depth) = outline.enter(*level);
            let level = (*level as usize + 1).to_string();
            heading(&level, &depth.to_string(), &format!("{number}{title}"))
        }
        Block::Paragraph(text) => BodyPart::Paragraph { runs: runs_of(text) },
    }
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
