//! Text in blocks, for bodies without scores and for attachments (B-5 to B-8).

use crate::document::rich_text::RichText;
use crate::document::table::TableParts;

/// One block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; its number is derived.
    Heading {
        /// The level, which decides the kind of number.
        level: HeadingLevel,
        /// The heading without its number.
        title: String,
    },
    /// A paragraph.
    Paragraph(RichText),
    /// A table.
    Table(TableParts),
}

/// The four levels of headings (B-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeadingLevel {
    /// 一、 in 黑体.
    First,
    /// （一） in 楷体.
    Second,
    /// 1. in 仿宋.
    Third,
    /// （1） in 仿宋.
    Fourth,
}

impl HeadingLevel {
    /// Takes a level as clients count it, 1 to 4.
    pub fn new(level: i64) -> Option<Self> {
        match level {
            1 => Some(Self::First),
            2 => Some(Self::Second),
            3 => Some(Self::Third),
            4 => Some(Self::Fourth),
            _ => None,
        }
    }
}
