//! Finds out how the headings of a text are counted.

use crate::genre::blocks::Block;
use crate::genre::lines::marks::Mark;

/// A way to count: the name in a submission, and how text and score sheet are counted.
const WAYS: [(Option<&str>, Way, Way); 4] = [
    (None, Way::ByHeading, Way::Continuous),
    (Some("by_heading"), Way::ByHeading, Way::ByHeading),
    (Some("continuous"), Way::Continuous, Way::Continuous),
    (Some("first_level_continuous"), Way::FirstContinuous, Way::FirstContinuous),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Continuous,
    ByHeading,
    FirstContinuous,
}

/// The numbering that gives the numbers of the text: the first that gives the most of them. The
/// blocks of the score sheet are those in `sheet`.
pub fn numbering(blocks: &[Block], sheet: std::ops::Range<usize>) -> Option<&'static str> {
    let mut best = (0, None);
    for (name, text, of_sheet) in WAYS {
        let right = right(blocks, &sheet, text, of_sheet) + 1;
        if right > best.0 {
            best = (right, name);
        }
    }
    best.1
}

/// How many numbers are as counted.
fn right(blocks: &[Block], sheet: &std::ops::Range<usize>, text: Way, of_sheet: Way) -> usize {
    let mut counters = [0_usize; 5];
    let (mut right, mut way) = (0, text);
    for (index, block) in blocks.iter().enumerate() {
        let Block::Marked(_, mark, _) = block else { continue };
        let next = if sheet.contains(&index) { of_sheet } else { text };
        if next != way {
            counters[2..].fill(0);
            way = next;
        }
        match (mark, way) {
            (Mark::Heading { level, count }, _) => {
                counters[*level] += 1;
                if way != Way::Continuous {
                    counters[level + 1..].fill(0);
                }
                right += usize::from(counters[*level] == *count);
            }
            (Mark::Article, _) | (_, Way::ByHeading) => counters.fill(0),
            (_, Way::FirstContinuous) => counters[2..].fill(0),
            (_, Way::Continuous) => {}
        }
    }
    right
}
