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
    /// A heading and the paragraph that continues its line.
    RunIn {
        /// The level, which decides the kind of number.
        level: HeadingLevel,
        /// The heading without its number.
        title: String,
        /// The text after the heading.
        text: RichText,
    },
    /// A paragraph.
    Paragraph(RichText),
    /// A paragraph with a number; not a heading.
    Item {
        /// The level, which decides the kind of number.
        level: HeadingLevel,
        /// The text without its number.
        text: RichText,
    },
    /// A chapter (章) with its title.
    Chapter(String),
    /// A section of a chapter (节) with its title.
    Section(String),
    /// An article (条).
    Article(RichText),
    /// A list of names (名单), never empty.
    Roster(Vec<RosterGroup>),
    /// A table.
    Table(TableParts),
    /// 绩效评价自评表, generated from the score sheet. Only the text around the scores has it.
    ScoreTable,
}

/// People with the same label in a list of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterGroup {
    /// 称谓, without its colon.
    pub label: String,
    /// The lines beside it, never empty.
    pub entries: Vec<String>,
}

/// How headings below the first level are counted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "第二层以下标题的编号方式")]
pub enum Numbering {
    /// Through the whole document.
    #[schemars(description = "全文连续编号")]
    #[serde(rename = "continuous")]
    Continuous,
    /// Starting again under each heading of a higher level.
    #[schemars(description = "在上一层标题之下重新编号")]
    #[serde(rename = "by_heading")]
    ByHeading,
    /// The first level through the whole document, the others starting again under each heading of a
    /// higher level.
    #[schemars(description = "第一层全文连续编号，其余各层在上一层标题之下重新编号")]
    #[serde(rename = "first_level_continuous")]
    FirstLevelContinuous,
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
